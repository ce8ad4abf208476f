"""The form of a purchase's head, in the words of the workbooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import Form
from procurement.choices import Channel
from procurement.editing import Head
from procurement.models import Purchase
from units.models import Unit

BLANK = ("", "请选择")


class HeadForm(Form):
    """Nothing is required here: a draft may be kept half filled. What submitting wants is said by `complete`."""

    invoice_date = widgets.day_field("开票日期", required=False)
    purchase_date = widgets.day_field("采购日期", required=False, help_text="没有发票时按采购日期计入")
    supplier = forms.CharField(label="供应商", required=False, max_length=150)
    channel = forms.ChoiceField(label="采购渠道", required=False, choices=[BLANK, *Channel.choices])
    original = forms.CharField(
        label="原采购编号", required=False, max_length=64, help_text="仅退货（红冲）时填写，金额填负数"
    )
    note = forms.CharField(
        label="备注", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("class", "form-select" if name == "channel" else "form-control")
        self.fields["supplier"].widget.attrs |= {"list": "suppliers", "autocomplete": "off"}
        self.fields["original"].widget.attrs |= {"list": "originals", "autocomplete": "off"}

    def clean_original(self) -> Purchase | None:
        number = self.cleaned_data["original"].strip()
        if not number:
            return None
        original = Purchase.objects.filter(unit=self.unit, number=number).first()
        if original is None:
            raise ValidationError(f"本单位没有编号为“{number}”的采购，请核对")
        return original

    def head(self) -> Head:
        return Head(**self.cleaned_data)


def initial_head(purchase: Purchase) -> dict[str, Any]:
    return {
        "invoice_date": purchase.invoice_date,
        "purchase_date": purchase.purchase_date,
        "supplier": purchase.supplier.name if purchase.supplier else "",
        "channel": purchase.channel,
        "original": purchase.original.number if purchase.original else "",
        "note": purchase.note,
    }
