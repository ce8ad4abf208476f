"""The invoices' totals (价税合计) do not add up to what the lines claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from cixi_xiezuo.money import yuan_display
from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import ReceiptKind
from procurement.models.receipt import Receipt
from procurement.receipts import identity


def total_of(receipt: Receipt) -> Decimal | None:
    """价税合计 as read, 元; None where it was not read."""
    try:
        return Decimal(receipt.data["total"])
    except (KeyError, TypeError, InvalidOperation):
        return None


def _once(receipts: Iterable[Receipt]) -> Iterator[Receipt]:
    """Each invoice once, though it may be attached in two files (its PDF and its OFD)."""
    seen = set()
    for receipt in receipts:
        number = identity(receipt.invoice_code, receipt.invoice_number)
        if receipt.kind == ReceiptKind.INVOICE and not (number and number in seen):
            seen.add(number)
            yield receipt


def find(subject: Subject) -> Iterator[Doubt]:
    invoices = list(_once(subject.receipts))
    totals = [total for invoice in invoices if (total := total_of(invoice)) is not None]
    if not totals or len(totals) < len(invoices) or not subject.lines:
        return
    invoiced = sum(totals, Decimal(0))
    if invoiced == subject.total:
        return
    part = abs(subject.total) < abs(invoiced) and (subject.total < 0) == (invoiced < 0)
    word = "少" if part else "多"
    yield Doubt(
        code="total_differs",
        level=Level.WARN,
        message=(
            f"发票价税合计 {yuan_display(invoiced)} 元，明细合计 {yuan_display(subject.total)} 元，"
            f"明细{word} {yuan_display(abs(subject.total - invoiced))} 元；"
            + ("请说明其余部分为何不申报，这张发票不能再用于其他采购" if part else "请按发票改正，或说明原因")
        ),
        field="amount",
        clause="第五部分（一）",
        needs_answer=part,
    )
