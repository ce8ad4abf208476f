"""查询 over inspections."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from cixi_xiezuo import widgets
from initiatives.by_unit import ByUnit, unit_filter
from initiatives.inspection.models import WITH_UNIT, Inspection, InspectionState
from initiatives.inspection.scope import visible


class InspectionFilter(ByUnit):
    state = django_filters.ChoiceFilter(
        label="状态", choices=InspectionState.choices, empty_label="全部", widget=widgets.select()
    )
    late = django_filters.ChoiceFilter(
        label="期限",
        choices=[("yes", "已逾期")],
        empty_label="全部",
        method="by_late",
        widget=widgets.select(),
    )
    unit = unit_filter("被督查单位")
    since = django_filters.DateFilter(
        label="发起从", field_name="opened_at__date", lookup_expr="gte", widget=widgets.day()
    )
    until = django_filters.DateFilter(
        label="到", field_name="opened_at__date", lookup_expr="lte", widget=widgets.day()
    )
    text = django_filters.CharFilter(
        label="关键字", method="by_text", widget=widgets.text("事项、情况或问题")
    )

    class Meta:
        model = Inspection
        fields: list[str] = []

    def by_late(self, rows: QuerySet[Inspection], name: str, value: str) -> QuerySet[Inspection]:
        return rows.filter(state__in=WITH_UNIT, deadline__lt=timezone.localdate())

    def by_text(self, rows: QuerySet[Inspection], name: str, value: str) -> QuerySet[Inspection]:
        text = value.strip()
        asked = Inspection.objects.filter(questions__text__icontains=text).values("pk")
        return rows.filter(Q(title__icontains=text) | Q(text__icontains=text) | Q(pk__in=asked))


def inspections(user: Any, asked: Any) -> InspectionFilter:
    """Those that the person may see, the latest first."""
    return InspectionFilter(asked, queryset=visible(user).order_by("-opened_at", "-pk"))
