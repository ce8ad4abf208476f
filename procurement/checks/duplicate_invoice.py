"""The same invoice, by code and number, is used by another purchase anywhere in the city."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject, place_of


def find(subject: Subject) -> Iterator[Doubt]:
    for other in subject.same_invoice:
        assert other.purchase is not None
        yield Doubt(
            code="duplicate_invoice",
            level=Level.BLOCK,
            message=(
                f"发票 {other.identity} 已用于{place_of(other.purchase, subject)}，"
                "一张发票只能计入一次；请核对发票号码或删去本票据"
            ),
            field="receipts",
            clause="第五部分（一）",
            other=other.purchase_id,
        )
