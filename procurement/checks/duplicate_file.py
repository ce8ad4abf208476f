"""The very same file is attached to another live purchase: one proof, used twice."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject, place_of


def find(subject: Subject) -> Iterator[Doubt]:
    said = {other.pk for other in subject.same_invoice}
    names = {receipt.file_id: str(receipt) for receipt in subject.receipts}
    for other in subject.same_file:
        if other.pk in said:
            continue
        assert other.purchase is not None
        yield Doubt(
            code="duplicate_file",
            level=Level.BLOCK,
            message=(
                f"票据“{names[other.file_id]}”与{place_of(other.purchase, subject)}所附文件完全相同，"
                "同一票据只能用一次；请换成本次采购的票据"
            ),
            field="receipts",
            clause="第五部分（一）",
            other=other.purchase_id,
        )
