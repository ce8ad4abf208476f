"""查询 over the list of purchases. Its parameters stand in the address, so a list can be linked to."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import FilterSet
from procurement.choices import Status
from procurement.filters_check import CheckFilter
from procurement.models import Purchase, PurchaseLine, Receipt
from units.named import below, called


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
        found = called(value, "unit__")
        if self.form.cleaned_data.get("below"):
            found |= below(value, "unit__")
        return rows.filter(found)

    def ignore(self, rows: QuerySet[Purchase], name: str, value: Any) -> QuerySet[Purchase]:
        return rows

    def by_text(self, rows: QuerySet[Purchase], name: str, value: str) -> QuerySet[Purchase]:
        value = value.strip()
        lines = Q(pk__in=PurchaseLine.objects.filter(product_name__icontains=value).values("purchase"))
        papers = Q(pk__in=Receipt.objects.filter(invoice_number__startswith=value).values("purchase"))
        return rows.filter(Q(number__icontains=value) | Q(supplier__name__icontains=value) | lines | papers)
