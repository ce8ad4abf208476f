"""查询 over the audit trail."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from cixi_xiezuo import widgets
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.forms import FilterSet
from units.models import User


def actions(request: Any) -> list[tuple[str, str]]:
    """What there is on record, to choose from."""
    found = AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct()
    return [(action, action) for action in found]


class TrailFilter(FilterSet):
    who = django_filters.CharFilter(label="操作人", method="by_who", widget=widgets.text("姓名或用户名"))
    action = django_filters.ChoiceFilter(label="动作", empty_label="全部", widget=widgets.select())
    subject = django_filters.CharFilter(
        label="对象", lookup_expr="icontains", widget=widgets.text("采购编号、用户、年度…")
    )
    stream = django_filters.CharFilter(label="单位编码", method="by_stream", widget=widgets.text("如 S01"))
    origin = django_filters.CharFilter(
        label="来源地址", lookup_expr="startswith", widget=widgets.text("如 10.1.")
    )
    since = django_filters.DateFilter(label="日期从", method="by_since", widget=widgets.day())
    until = django_filters.DateFilter(label="到", method="by_until", widget=widgets.day())

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["action"].extra["choices"] = actions(self.request)

    def by_who(self, rows: QuerySet[AuditEvent], name: str, value: str) -> QuerySet[AuditEvent]:
        value = value.strip()
        named = list(
            User.objects.filter(display_name__icontains=value).values_list("username", flat=True)[:500]
        )
        return rows.filter(
            Q(actor__icontains=value)
            | Q(actor__in=named)
            | Q(on_behalf__icontains=value)
            | Q(on_behalf__in=named)
        )

    def by_stream(self, rows: QuerySet[AuditEvent], name: str, value: str) -> QuerySet[AuditEvent]:
        """As typed or in capitals: compared exactly, so that the index of the chains serves."""
        value = value.strip()
        return rows.filter(stream__in={value, value.upper()})

    def by_since(self, rows: QuerySet[AuditEvent], name: str, value: datetime.date) -> QuerySet[AuditEvent]:
        return rows.filter(at__gte=_midnight(value))

    def by_until(self, rows: QuerySet[AuditEvent], name: str, value: datetime.date) -> QuerySet[AuditEvent]:
        return rows.filter(at__lt=_midnight(value + datetime.timedelta(days=1)))

    @property
    def asked(self) -> dict[str, str]:
        """What was filtered by, for the record of an export."""
        asked: Mapping[str, Any] = self.data or {}
        return {name: asked[name] for name in self.filters if asked.get(name)}


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
