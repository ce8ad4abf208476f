"""The purchase counts in another year than its papers, or than the year that is under way."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject


def find(subject: Subject) -> Iterator[Doubt]:
    purchase = subject.purchase
    if purchase.date is None:
        return
    year, bought = purchase.date.year, purchase.purchase_date
    sentences = []
    if bought is not None and bought.year != year:
        sentences.append(
            f"采购日期 {bought} 与开票日期 {purchase.date} 不在同一年，按开票日期计入 {year} 年度"
        )
    for receipt in subject.receipts:
        issued = str(receipt.data.get("issue_date") or "")[:4]
        if issued.isdecimal() and int(issued) != year:
            sentences.append(f"票据“{receipt}”是 {issued} 年开具的，本采购却计入 {year} 年度，请核对日期")
    current = subject.known.current_year
    if current is not None and year < current and subject.has_terms:
        sentences.append(f"日期 {purchase.date} 在 {year} 年，现在执行的是 {current} 年度政策，请核对日期")
    for sentence in sentences:
        yield Doubt(
            code="other_year", level=Level.WARN, message=sentence, field="purchase_date", clause="第三部分"
        )
