"""The invoice names another buyer than the unit, the unit a union belongs to, or who runs its shared canteen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import Use
from units.kinds import Canteen, Kind
from units.models import Unit


def plain(text: object) -> str:
    """Full-width forms to ASCII, blanks out, upper case: how two spellings of a name are compared."""
    return "".join(unicodedata.normalize("NFKC", str(text or "")).split()).upper()


def is_buyer(unit: Unit, name: str, uscc: str) -> bool:
    """By code where both are known, else by one name holding the other (慈溪市…局 and …局)."""
    if uscc and unit.uscc and plain(unit.uscc) == uscc:
        return True
    own = plain(unit.name)
    return bool(name) and (own in name or name in own)


def find(subject: Subject) -> Iterator[Doubt]:
    unit = subject.unit
    uses = {line.use for line in subject.lines}
    if unit.kind == Kind.INDIVIDUALS or uses == {Use.COMMERCE}:
        return  # people buy under their own names; a merchant's invoices name its customers
    buyers = [unit, unit.host] if unit.host else [unit]
    for receipt in subject.receipts:
        name, uscc = plain(receipt.data.get("buyer_name")), plain(receipt.data.get("buyer_id"))
        if not (name or uscc) or any(is_buyer(buyer, name, uscc) for buyer in buyers):
            continue
        base = subject.base if Use.CANTEEN in uses else None
        if base is not None and base.canteen_representative is not None:
            if is_buyer(base.canteen_representative, name, uscc):
                continue
            buyers = [*buyers, base.canteen_representative]
        outside = base is not None and base.canteen == Canteen.CONTRACTED
        shown = receipt.data.get("buyer_name") or receipt.data.get("buyer_id")
        yield Doubt(
            code="other_buyer",
            level=Level.WARN,
            message=f"票据“{receipt}”的购买方是“{shown}”，不是{'或'.join(each.name for each in buyers)}，"
            + ("如为食堂承包单位请说明" if outside else "请核对抬头"),
            field="receipts",
            clause="第五部分（一）",
        )
