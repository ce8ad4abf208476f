"""查询 over the review queue. The parameters go along from purchase to purchase, so the next one is of the same queue."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import FilterSet
from cixi_xiezuo.money import MoneyFormField
from procurement import routes
from procurement.choices import Channel
from procurement.filters_check import CheckFilter
from procurement.models import Purchase
from units.kinds import PLACES, Kind
from units.models import Unit
from units.named import called, in_places


class AmountFilter(django_filters.Filter):
    """An amount in 元 as people type it."""

    field_class = MoneyFormField


def _amount() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control num", "placeholder": "元", "size": 10})


class ReviewFilter(FilterSet):
    """Over purchases with `claimed_total`."""

    unit = django_filters.CharFilter(
        label="单位",
        method="by_unit",
        widget=widgets.text("名称或编码"),
    )
    kind = django_filters.ChoiceFilter(
        label="单位类别",
        field_name="unit__kind",
        choices=Kind.choices,
        empty_label="全部",
        widget=widgets.select(),
    )
    town = django_filters.ModelChoiceFilter(
        label="镇街（含下级）",
        queryset=Unit.objects.filter(kind__in=PLACES, active=True)
        .only("pk", "code", "name")
        .order_by("code"),
        method="by_town",
        empty_label="全部",
        widget=widgets.select(),
    )
    channel = django_filters.ChoiceFilter(
        label="采购渠道", choices=Channel.choices, empty_label="全部", widget=widgets.select()
    )
    since = django_filters.DateFilter(
        label="日期从", field_name="date", lookup_expr="gte", widget=widgets.day()
    )
    until = django_filters.DateFilter(label="到", field_name="date", lookup_expr="lte", widget=widgets.day())
    least = AmountFilter(label="金额从", field_name="claimed_total", lookup_expr="gte", widget=_amount())
    most = AmountFilter(label="到", field_name="claimed_total", lookup_expr="lte", widget=_amount())
    doubts = django_filters.ChoiceFilter(
        label="疑点",
        method="by_doubts",
        choices=[("yes", "有疑点"), ("no", "无疑点")],
        empty_label="全部",
        widget=widgets.select(),
    )
    checked = CheckFilter()
    first = django_filters.ChoiceFilter(
        label="审核流程",
        method="by_first",
        choices=[("yes", "已初审，待复核"), ("no", "只审核一次")],
        empty_label="全部",
        widget=widgets.select(),
    )

    class Meta:
        model = Purchase
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not routes.reviews_after_another(self.request.user):  # type: ignore[union-attr]
            del self.filters["first"]

    def by_unit(self, rows: QuerySet[Purchase], name: str, value: str) -> QuerySet[Purchase]:
        return rows.filter(called(value.strip(), "unit__"))

    def by_town(self, rows: QuerySet[Purchase], name: str, value: Unit) -> QuerySet[Purchase]:
        """The place itself, what stands in it, and their unions."""
        return rows.filter(in_places([value.pk], "unit__"))

    def by_first(self, rows: QuerySet[Purchase], name: str, value: str) -> QuerySet[Purchase]:
        return rows.filter(first_at__isnull=value == "no")

    def by_doubts(self, rows: QuerySet[Purchase], name: str, value: str) -> QuerySet[Purchase]:
        return rows.filter(doubts__gt=0) if value == "yes" else rows.filter(doubts=0)
