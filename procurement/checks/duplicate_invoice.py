"""The same invoice, by code and number, is used by another purchase anywhere in the city."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.models.receipt import Receipt


def find(subject: Subject) -> Iterator[Doubt]:
    held = {receipt.identity for receipt in subject.receipts if receipt.identity}
    if not held:
        return
    others = (
        Receipt.objects.filter(identity__in=held, live=True)
        .exclude(purchase=subject.purchase)
        .select_related("purchase__unit")
    )
    for other in others:
        if other.unit_id == subject.purchase.unit_id:
            where = f"本单位采购 {other.purchase}"
        else:
            where = f"另一{other.purchase.unit.get_kind_display()}于 {other.purchase.date} 的采购"
        yield Doubt(
            code="duplicate_invoice",
            level=Level.BLOCK,
            message=f"发票 {other.identity} 已用于{where}，一张发票只能计入一次；请核对发票号码或删去本票据",
            field="receipts",
            clause="五（一）",
        )
