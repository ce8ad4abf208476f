"""The invoice number entered is not the one that was read on the paper."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.receipts import identity


def find(subject: Subject) -> Iterator[Doubt]:
    for receipt in subject.receipts:
        read = identity(receipt.data.get("invoice_code"), receipt.data.get("invoice_number"))
        entered = identity(receipt.invoice_code, receipt.invoice_number)
        if not read or read == entered:
            continue
        yield Doubt(
            code="changed_number",
            level=Level.WARN,
            message=(
                f"票据“{receipt}”上读到的发票号码是 {read}，"
                + (f"填写的是 {entered}，请核对" if entered else "填写中没有号码，请补上")
            ),
            field="receipts",
            clause="第五部分（一）",
        )
