"""查询 over the list of purchases. Its parameters stand in the address, so a list can be linked to."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import FilterSet
from procurement.choices import Status
from procurement.ends import in_purchase, names_with, numbered
from procurement.filters_check import CheckFilter
from procurement.models import Purchase, PurchaseLine, Receipt, Supplier
from units.models import Unit
from units.named import below, called

FEW = 20
"""Suppliers and products of one text."""


class PurchaseFilter(FilterSet):
    status = django_filters.ChoiceFilter(
        label="状态",
        choices=Status.choices,
        empty_label="全部状态",
        widget=widgets.select(),
    )
    unit = django_filters.CharFilter(
        label="单位",
        method="by_unit",
        widget=widgets.text("名称或编码"),
    )
    below = django_filters.BooleanFilter(
        label="含下级", method="ignore", widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    since = django_filters.DateFilter(
        label="日期从", field_name="date", lookup_expr="gte", widget=widgets.day()
    )
    until = django_filters.DateFilter(label="到", field_name="date", lookup_expr="lte", widget=widgets.day())
    checked = CheckFilter()
    text = django_filters.CharFilter(
        label="关键字",
        method="by_text",
        widget=widgets.text("编号、供应商、产品或发票号"),
    )

    class Meta:
        model = Purchase
        fields: list[str] = []

    def by_unit(self, rows: QuerySet[Purchase], name: str, value: str) -> QuerySet[Purchase]:
        """The units so called; 含下级 adds what hangs below."""
        value = value.strip()
        found = called(value)
        if self.form.cleaned_data.get("below"):
            found |= below(value)
        return rows.filter(unit__in=list(Unit.objects.filter(found).values_list("pk", flat=True)))

    def ignore(self, rows: QuerySet[Purchase], name: str, value: Any) -> QuerySet[Purchase]:
        return rows

    def by_text(self, rows: QuerySet[Purchase], name: str, value: str) -> QuerySet[Purchase]:
        return rows.filter(holding(value.strip()))


def holding(text: str) -> Q:
    """Purchases whose number, supplier, product or invoice holds the text (an invoice begins with it).

    Few suppliers and products so called: each is asked by its own index. Many: the list itself soon has enough of them.
    """
    suppliers = list(Supplier.objects.filter(name__icontains=text).values_list("pk", flat=True)[: FEW + 1])
    names = names_with(text)
    papers = Receipt.objects.filter(invoice_number__startswith=text).values("purchase")
    if len(suppliers) + len(names) > FEW:
        lines = PurchaseLine.objects.filter(product_name__icontains=text).values("purchase")
        called = Q(number__icontains=text) | Q(supplier__name__icontains=text)
        return called | Q(pk__in=lines) | Q(pk__in=papers)
    found = papers.exclude(purchase=None).order_by()
    parts = [
        numbered(Purchase.objects.order_by(), "number", text, in_purchase(text)).values("pk"),
        Purchase.objects.filter(supplier__in=suppliers).order_by().values("pk"),
        PurchaseLine.objects.filter(product_name__in=names).order_by().values("purchase"),
    ]
    return Q(pk__in=found.union(*parts, all=True))
