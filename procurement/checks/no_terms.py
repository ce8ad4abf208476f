"""No policy governs the year: nothing of it is paired, so nothing enters a figure."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject


def find(subject: Subject) -> Iterator[Doubt]:
    date = subject.purchase.date
    if date is not None and not subject.has_terms:
        yield Doubt(
            code="no_terms",
            level=Level.WARN,
            message=f"{date.year} 年度及以前没有执行中的政策，本采购核准后暂不计入结对任务；请核对日期",
            field="purchase_date",
            clause="第三部分",
        )
