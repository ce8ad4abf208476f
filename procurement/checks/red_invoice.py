"""Red invoices (红字发票): one that takes back an invoice of this purchase, or one that belongs to another original."""

from __future__ import annotations

from collections.abc import Iterator

from cixi_xiezuo.money import yuan_display
from procurement.checks.base import Doubt, Level, Subject, place_of


def find(subject: Subject) -> Iterator[Doubt]:
    yield from _taken_back(subject)
    if subject.purchase.is_refund:
        yield from _of_another(subject)
    elif any(line.amount < 0 for line in subject.lines):
        yield from _without_original(subject)


def _taken_back(subject: Subject) -> Iterator[Doubt]:
    """Issued, but not recorded as a refund of this purchase."""
    for red in subject.taken_back:
        where = place_of(red.purchase, subject) if red.purchase else "在票据收件箱"
        yield Doubt(
            code="red_invoice",
            level=Level.WARN,
            message=f"发票 {red.red_of} 已开具红字发票（{where}），请登记退货，或核对本采购是否还能申报",
            field="receipts",
            clause="第五部分（一）",
            other=red.purchase_id,
        )


def _of_another(subject: Subject) -> Iterator[Doubt]:
    reds = [receipt for receipt in subject.receipts if receipt.red_of]
    original = subject.known.originals[subject.purchase.pk] if reds else None
    for receipt in reds:
        if original is not None and receipt.red_of not in original.identities:
            yield Doubt(
                code="red_invoice",
                level=Level.WARN,
                message=f"红字发票“{receipt}”对应的蓝字发票是 {receipt.red_of}，不在原采购 {original.number} 中，请核对原采购",
                field="original",
                clause="第五部分（一）",
            )


def _without_original(subject: Subject) -> Iterator[Doubt]:
    likely = subject.known.refundable(subject.purchase)
    if likely:
        shown = "、".join(
            f"{each.number}（{each.date}，{yuan_display(each.claimed_total)} 元）"  # type: ignore[attr-defined]
            for each in likely
        )
        yield Doubt(
            code="red_invoice",
            level=Level.WARN,
            message=f"金额为负数，是退货或红字发票；同一供应商已核准的采购有 {shown}，请填写被退的那一笔",
            field="original",
            clause="第五部分（一）",
        )
