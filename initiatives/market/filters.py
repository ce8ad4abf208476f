"""查询 over complaints and over the blacklist."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import FilterSet
from initiatives.by_unit import ByUnit, unit_filter
from initiatives.market.models import Complaint, ComplaintSort, ComplaintState
from initiatives.market.scope import visible
from procurement.models import Blacklisting


class ComplaintFilter(ByUnit):
    state = django_filters.ChoiceFilter(
        label="状态", choices=ComplaintState.choices, empty_label="全部", widget=widgets.select()
    )
    sort = django_filters.ChoiceFilter(
        label="类别", choices=ComplaintSort.choices, empty_label="全部", widget=widgets.select()
    )
    unit = unit_filter("投诉单位")
    since = django_filters.DateFilter(
        label="投诉从", field_name="opened_at__date", lookup_expr="gte", widget=widgets.day()
    )
    until = django_filters.DateFilter(
        label="到", field_name="opened_at__date", lookup_expr="lte", widget=widgets.day()
    )
    text = django_filters.CharFilter(
        label="关键字", method="by_text", widget=widgets.text("供应商、产品或情况")
    )

    class Meta:
        model = Complaint
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        text = value.strip()
        found = Q(supplier__icontains=text) | Q(product__icontains=text) | Q(text__icontains=text)
        return rows.filter(found)


class BlacklistFilter(FilterSet):
    holds = django_filters.ChoiceFilter(
        label="是否有效",
        choices=[("yes", "今天有效"), ("no", "今天无效")],
        empty_label="全部",
        method="by_holds",
        widget=widgets.select(),
    )
    text = django_filters.CharFilter(
        label="供应商", method="by_text", widget=widgets.text("名称或统一社会信用代码")
    )

    class Meta:
        model = Blacklisting
        fields: list[str] = []

    def by_holds(self, rows: Any, name: str, value: str) -> QuerySet[Blacklisting]:
        holding = Blacklisting.objects.in_force(timezone.localdate()).values("pk")
        found: QuerySet[Blacklisting] = (
            rows.filter(pk__in=holding) if value == "yes" else rows.exclude(pk__in=holding)
        )
        return found

    def by_text(self, rows: QuerySet[Blacklisting], name: str, value: str) -> QuerySet[Blacklisting]:
        text = value.strip()
        return rows.filter(Q(supplier__name__icontains=text) | Q(supplier__uscc__iexact=text))


def complaints(user: Any, asked: Any) -> ComplaintFilter:
    """Those that the person may see, the latest first."""
    return ComplaintFilter(asked, queryset=visible(user).order_by("-opened_at", "-pk"))


def blacklist(asked: Any) -> BlacklistFilter:
    """All of it: whoever buys may know whom to be wary of."""
    return BlacklistFilter(asked, queryset=Blacklisting.objects.order_by("-since", "-pk"))
