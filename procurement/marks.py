"""What is missing or doubtful about a purchase, each put beside the field it speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from procurement.checks import Doubt, Subject, doubts_of
from procurement.choices import PENDING, ReceiptKind
from procurement.complete import missing
from procurement.models import Purchase, Receipt

SURE = 0.8
"""Below this the reading of a field is shown as to be compared with the paper."""
COMPARE = "识别把握不大，请与票据核对"
_FORM_FIELD = {"date": "invoice_date", "supplier_id": "supplier", "region_id": "region"}
_HEAD_FIELDS = frozenset({"invoice_date", "supplier", "channel", "original"})
_LINE_FIELDS = frozenset(
    {"lines", "use", "holiday", "region", "product_name", "quantity", "amount", "overlap"}
)
_READ_FIELD = {"issue_date": "invoice_date", "seller_name": "supplier", "total": "lines", "items": "lines"}


@dataclass(slots=True)
class Marks:
    """`head`: form field → sentences, "lines" for the lines together; `lines`: position → form field → sentences.

    `gaps`: what submitting wants; `doubts`: those about the receipts or the whole; `every`: all doubts.
    """

    gaps: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    every: list[Doubt] = field(default_factory=list)
    head: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[int, dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )


def marks_of(subject: Subject) -> Marks:
    purchase, marks = subject.purchase, Marks()
    for gap in missing(purchase, subject.lines):
        name = _FORM_FIELD.get(gap.field, gap.field)
        (marks.lines[gap.line] if gap.line else marks.head)[name].append(gap.message)
        marks.gaps.append(str(gap))
    marks.every = doubts_of(subject)
    for doubt in marks.every:
        place = _place(doubt, purchase)
        if place:
            marks.head[place].append(doubt.message)
        else:
            marks.doubts.append(doubt)
    for receipt in read_from(subject.receipts):
        for name in unsure(receipt):
            notes = marks.head[_READ_FIELD[name]]
            if COMPARE not in notes:
                notes.append(COMPARE)
    return marks


def _place(doubt: Doubt, purchase: Purchase) -> str:
    """The field of the head, or "lines", that a doubt stands beside; "" for the receipts and the whole."""
    if doubt.field in _LINE_FIELDS:
        return "lines"
    if doubt.field in ("date", "purchase_date"):
        return "invoice_date" if purchase.invoice_date else "purchase_date"
    return doubt.field if doubt.field in _HEAD_FIELDS else ""


def read_from(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Those whose reading stands in the form: the invoices, where there are any."""
    kept = list(receipts)
    return [each for each in kept if each.kind == ReceiptKind.INVOICE] or kept


def unsure(receipt: Receipt) -> list[str]:
    """The read fields that stand in the form and that the reader was not sure of."""
    confidence = receipt.data.get("confidence") or {}
    return [name for name in _READ_FIELD if confidence.get(name, 1) < SURE]


def pending(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Those that are still to be read."""
    return [each for each in receipts if each.reading in PENDING]
