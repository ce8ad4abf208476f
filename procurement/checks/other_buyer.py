"""The invoice names another buyer than the unit, the unit a union belongs to, or who runs its canteen."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.checks.buyers import UNION, buyers_of, to_others
from procurement.choices import Use
from units.kinds import Canteen, Kind
from units.models import Unit


def _advice(name: str, unit: Unit, *, outside: bool) -> str:
    if UNION in name and unit.kind != Kind.UNION:
        return "请核对抬头；工会的采购请改为登记到工会"
    return "如为食堂承包单位请说明，并请市商务局在单位信息中登记" if outside else "请核对抬头"


def find(subject: Subject) -> Iterator[Doubt]:
    unit = subject.unit
    uses = {line.use for line in subject.lines}
    if unit.kind == Kind.INDIVIDUALS or uses == {Use.COMMERCE}:
        return  # people buy under their own names; a merchant's invoices name its customers
    buyers = list(buyers_of(subject))
    outside = (
        Use.CANTEEN in uses
        and subject.base is not None
        and subject.base.canteen == Canteen.CONTRACTED
        and not unit.canteen_operator
    )
    for receipt, name, _ in to_others(subject.receipts, buyers):
        shown = receipt.data.get("buyer_name") or receipt.data.get("buyer_id")
        yield Doubt(
            code="other_buyer",
            level=Level.WARN,
            message=f"票据“{receipt}”的购买方是“{shown}”，不是{'或'.join(each.name for each in buyers)}，"
            + _advice(name, unit, outside=outside),
            field="receipts",
            clause="第五部分（一）",
        )
