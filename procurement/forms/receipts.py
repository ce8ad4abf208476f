"""The forms about receipts: what to drop, and what to correct."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cixi_xiezuo.forms import Form
from procurement.choices import ReceiptKind
from procurement.models import Purchase, Receipt

ACCEPT = ".pdf,.ofd,.xml,.zip,image/jpeg,image/png"


class ReceiptForm(Form):
    """Kind, code and number of one receipt, and where it is to go, inside the purchase's form."""

    kind = forms.ChoiceField(label="票据类别", choices=ReceiptKind.choices)
    code = forms.CharField(label="发票代码", required=False, max_length=40)
    number = forms.CharField(label="发票号码", required=False, max_length=60)

    to = forms.CharField(
        label="移到采购", required=False, max_length=64, help_text="填采购编号；保存时移过去"
    )

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
        self.fields["to"].widget.attrs |= {
            "class": "form-control",
            "list": "open-purchases",
            "autocomplete": "off",
        }

    def clean_to(self) -> Purchase | None:
        number = self.cleaned_data["to"].strip()
        if not number:
            return None
        found = Purchase.objects.filter(unit=self.receipt.unit_id, number=number).first()
        if found is None:
            raise ValidationError(f"本单位没有编号为“{number}”的采购，请核对")
        return found

    @property
    def described(self) -> dict[str, str] | None:
        """What is to be corrected, as `attachments.describe` takes it; None where nothing was changed."""
        names = ("kind", "code", "number")
        return {name: self.cleaned_data[name] for name in names} if {*names} & {*self.changed_data} else None
