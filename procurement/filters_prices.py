"""查询 over what one product cost."""

from __future__ import annotations

from typing import Any

import django_filters

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import FilterSet
from procurement.models import PurchaseLine, Region
from procurement.prices import priced


class PriceFilter(FilterSet):
    product = django_filters.CharFilter(
        label="产品", method="ignore", widget=widgets.text("完整名称或一部分")
    )
    region = django_filters.ModelChoiceFilter(
        label="产地", queryset=Region.objects.order_by("code"), empty_label="全部", widget=widgets.select()
    )
    since = django_filters.DateFilter(
        label="日期从", field_name="purchase__date", lookup_expr="gte", widget=widgets.day()
    )
    until = django_filters.DateFilter(
        label="到", field_name="purchase__date", lookup_expr="lte", widget=widgets.day()
    )

    class Meta:
        model = PurchaseLine
        fields: list[str] = []

    def ignore(self, rows: Any, name: str, value: Any) -> Any:
        return rows


def found(user: Any, asked: Any) -> PriceFilter:
    return PriceFilter(asked, queryset=priced(user))
