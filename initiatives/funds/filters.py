"""查询 over applications for support."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from cixi_xiezuo import widgets
from initiatives.by_unit import ByUnit, unit_filter
from initiatives.funds.models import Application, ApplicationState, Scheme
from initiatives.funds.scope import shaken, visible


class ApplicationFilter(ByUnit):
    scheme = django_filters.ModelChoiceFilter(
        label="扶持政策", queryset=Scheme.objects.none(), empty_label="全部", widget=widgets.select()
    )
    state = django_filters.ChoiceFilter(
        label="状态", choices=ApplicationState.choices, empty_label="全部", widget=widgets.select()
    )
    evidence = django_filters.ChoiceFilter(
        label="依据",
        choices=[("lost", "有采购已撤销核准")],
        empty_label="全部",
        method="by_evidence",
        widget=widgets.select(),
    )
    unit = unit_filter("申请单位")
    text = django_filters.CharFilter(label="关键字", method="by_text", widget=widgets.text("项目名称或理由"))

    class Meta:
        model = Application
        fields: list[str] = []

    def by_evidence(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        return shaken(rows)

    def by_text(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        return rows.filter(Q(title__icontains=value.strip()) | Q(text__icontains=value.strip()))


def applications(user: Any, year: int, asked: Any) -> ApplicationFilter:
    """Those of the year's schemes that the person may see, the latest first."""
    rows = visible(user).filter(scheme__year=year).order_by("-opened_at", "-pk")
    made = ApplicationFilter(asked, queryset=rows)
    cast("forms.ModelChoiceField[Scheme]", made.form.fields["scheme"]).queryset = Scheme.objects.filter(
        year=year
    )
    return made
