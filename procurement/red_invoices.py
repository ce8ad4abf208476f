"""红字发票: a negative invoice proposes the refund of the purchase whose invoice it takes back.

It is a proposal: the clerk sees the original in the draft and may choose another; the reviewer sees both.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from procurement.choices import Status
from procurement.models import Purchase, PurchaseLine, Receipt

PROPOSED = "这是红字发票，按其备注的蓝字发票 {} 填入了原采购 {}，请核对"


def original_of(receipt: Receipt) -> Purchase | None:
    """The unit's approved purchase that holds the invoice which this one says it takes back."""
    if not receipt.red_of:
        return None
    held = Receipt.objects.filter(
        identity=receipt.red_of,
        unit=receipt.unit_id,
        purchase__status=Status.APPROVED,
        purchase__original=None,
    )
    found = held.select_related("purchase__supplier").first()
    return found.purchase if found else None


def take_over(refund: Purchase, lines: Iterable[PurchaseLine], original: Purchase) -> None:
    """Make a draft the refund of its original: channel, and use, holiday and origin of the same goods (not saved)."""
    refund.original, refund.channel = original, original.channel
    refund.supplier = refund.supplier or original.supplier
    bought = list(original.lines.order_by("position"))
    same = {line.product_name: line for line in reversed(bought)}
    kinds = {(line.use, line.holiday, line.region_id) for line in bought}
    for line in lines:
        model = same.get(line.product_name) or (bought[0] if len(kinds) == 1 else None)
        if model is not None:
            line.use, line.holiday, line.region_id = model.use, model.holiday, model.region_id


def is_red(total: Decimal | None) -> bool:
    return total is not None and total < 0
