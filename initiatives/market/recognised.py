"""认定目录: the suppliers and products that carry a recognition (认定编号, 有效期) — 第五部分（三）.

They come by workbook (procurement.imports.catalogue); a purchase after the last day is flagged by its checks.
"""

from __future__ import annotations

import datetime
from typing import Any

import django_filters
from django.db.models import Exists, F, Q, QuerySet

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import FilterSet
from initiatives.lights import SOON, today
from procurement.models import Blacklisting, Product, Supplier

SUPPLIERS, PRODUCTS = "supplier", "product"
STATES = (("holding", "有效"), ("soon", "30天内到期"), ("over", "已到期"))


class RecognisedFilter(FilterSet):
    of = django_filters.ChoiceFilter(
        label="目录",
        choices=[(SUPPLIERS, "供应商"), (PRODUCTS, "产品")],
        empty_label=None,
        method="as_they_are",
        widget=widgets.select(),
    )
    state = django_filters.ChoiceFilter(
        label="认定", choices=STATES, empty_label="全部", method="by_state", widget=widgets.select()
    )
    text = django_filters.CharFilter(
        label="关键字", method="by_text", widget=widgets.text("名称、认定编号或信用代码")
    )

    def as_they_are(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """`recognised` has chosen the table."""
        return rows

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        day, until = today(), "recognised_until"
        if value == "over":
            return rows.filter(**{f"{until}__lt": day})
        if value == "soon":
            return rows.filter(**{f"{until}__range": (day, day + SOON)})
        return rows.filter(Q(**{until: None}) | Q(**{f"{until}__gte": day}))

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        found = Q(name__icontains=words) | Q(recognition_number__icontains=words)
        return rows.filter(found | Q(uscc__iexact=words) if rows.model is Supplier else found)


def of_products(asked: Any) -> bool:
    return bool(asked.get("of") == PRODUCTS)


def recognised(asked: Any) -> RecognisedFilter:
    """Suppliers, or products where the address asks for them; the first to run out first. `listed`: on the blacklist today."""
    model: type[Supplier] | type[Product] = Product if of_products(asked) else Supplier
    rows: QuerySet[Any] = model._default_manager.exclude(recognition_number="", recognised_until=None)
    if model is Supplier:
        rows = rows.annotate(listed=Exists(Blacklisting.objects.of_supplier().in_force(today())))
    return RecognisedFilter(asked, queryset=rows.order_by(F("recognised_until").asc(nulls_last=True), "name"))


def state_of(until: datetime.date | None) -> str:
    """The name of its badge today; one without a last day holds."""
    if until is None or until > today() + SOON:
        return "holding"
    return "soon" if until >= today() else "over"
