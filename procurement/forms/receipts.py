"""The forms about receipts: what to drop, and what to correct."""

from __future__ import annotations

from typing import Any

from django import forms

from procurement.choices import ReceiptKind
from procurement.models import Receipt
from units.models import Unit

ACCEPT = ".pdf,.ofd,.xml,.zip,image/jpeg,image/png"


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ReceiptForm(forms.Form):
    """Kind, code and number of one receipt, inside the purchase's form."""

    kind = forms.ChoiceField(label="票据类别", choices=ReceiptKind.choices)
    code = forms.CharField(label="发票代码", required=False, max_length=40)
    number = forms.CharField(label="发票号码", required=False, max_length=60)

    def __init__(self, data: Any, receipt: Receipt) -> None:
        start = {"kind": receipt.kind, "code": receipt.invoice_code, "number": receipt.invoice_number}
        super().__init__(data, prefix=f"receipt-{receipt.pk}", initial=start)
        self.receipt = receipt
        self.fields["kind"].widget.attrs["class"] = "form-select"
        for name in ("code", "number"):
            self.fields[name].widget.attrs |= {
                "class": "form-control",
                "inputmode": "numeric",
                "autocomplete": "off",
            }


def unit_choices(units: list[Unit]) -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in units]
