"""A purchase dated after today has not happened."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from procurement.checks.base import Doubt, Level, Subject


def find(subject: Subject) -> Iterator[Doubt]:
    date = subject.purchase.date
    if date is not None and date > timezone.localdate():
        yield Doubt(
            code="future_date",
            level=Level.BLOCK,
            message=f"日期 {date} 在今天之后，请按开票日期或实际采购日期填写",
            field="purchase_date",
            clause="第五部分（一）",
        )
