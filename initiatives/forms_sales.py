"""The short form of an outlet's month."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from cixi_xiezuo.forms import Form
from cixi_xiezuo.money import MoneyFormField
from initiatives.outlet_sales import Sales
from procurement.models import Region


class SalesForm(Form):
    month = forms.DateField(
        label="月份",
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month", "class": "form-control"}),
        error_messages={"invalid": "月份应如 2021-06"},
    )
    region = forms.ModelChoiceField(
        Region.objects.order_by("code"),
        label="产地",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    amount = MoneyFormField(label="销售额（元）")
    overlap = MoneyFormField(label="其中已由采购单位登记（元）", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("amount", "overlap"):
            self.fields[name].widget.attrs.setdefault("class", "form-control")

    def clean_amount(self) -> Any:
        if self.cleaned_data["amount"] <= 0:
            raise forms.ValidationError("销售额应大于 0；退货请另登记退货采购")
        return self.cleaned_data["amount"]

    def sales(self) -> Sales:
        given = self.cleaned_data
        return Sales(given["month"], given["region"], given["amount"], given["overlap"] or Decimal("0.00"))
