"""Payment or freight papers alone show that money or goods moved, not what was bought from whom."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import ReceiptKind

WEAK = frozenset({ReceiptKind.PAYMENT, ReceiptKind.FREIGHT, ReceiptKind.OTHER})


def find(subject: Subject) -> Iterator[Doubt]:
    kinds = {receipt.kind for receipt in subject.receipts}
    if kinds and kinds <= WEAK:
        held = "、".join(ReceiptKind(kind).label for kind in sorted(kinds))
        yield Doubt(
            code="weak_receipts",
            level=Level.WARN,
            message=f"只有{held}，没有发票或采购合同，难以证明买了什么；请补充",
            field="receipts",
            clause="第五部分（一）",
        )
