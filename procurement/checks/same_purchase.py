"""Another live purchase has the same date, supplier and total: perhaps the same goods recorded twice."""

from __future__ import annotations

from collections.abc import Iterator

from cixi_xiezuo.money import yuan_display
from procurement.checks.base import Doubt, Level, Subject, place_of


def find(subject: Subject) -> Iterator[Doubt]:
    if not subject.lines:
        return
    for other in subject.twins:
        yield Doubt(
            code="same_purchase",
            level=Level.WARN,
            message=(
                f"与{place_of(other, subject)}的日期、供应商和金额（{yuan_display(subject.total)} 元）"
                "都相同，请确认不是重复登记"
            ),
            clause="第五部分（一）",
            other=other.pk,
        )
