"""The supplier stood on the blacklist (黑名单) on the day of the purchase. It warns only: what the rules count stays counted."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject


def find(subject: Subject) -> Iterator[Doubt]:
    date, supplier = subject.purchase.date, subject.purchase.supplier
    for entry in subject.blacklistings:
        assert date is not None
        other = "" if entry.supplier == supplier else f"（统一社会信用代码同“{entry.supplier}”）"
        yield Doubt(
            code="blacklisted",
            level=Level.WARN,
            message=(
                f"供应商“{supplier}”{other}自 {entry.since} 至 {entry.last_day} 列入黑名单，采购日期 {date} 在此期间；"
                f"原因：{entry.reason}"
            ),
            field="supplier",
            clause=entry.clause,
        )
