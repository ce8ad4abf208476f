"""The invoice names another buyer than the unit, the unit a union belongs to, or who runs its canteen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import Use
from units.kinds import Canteen, Kind
from units.models import Unit

UNION = "工会"


def plain(text: object) -> str:
    """Full-width forms to ASCII, blanks out, upper case: how two spellings of a name are compared."""
    return "".join(unicodedata.normalize("NFKC", str(text or "")).split()).upper()


class Buyer(NamedTuple):
    """Whom an invoice may name."""

    name: str
    uscc: str

    def is_named(self, name: str, uscc: str) -> bool:
        """By its code, or by one name holding the other (慈溪市…局 and …局).

        A union (…工会, …工会委员会) is another buyer than the unit whose name its own begins with.
        """
        if uscc and self.uscc and plain(self.uscc) == uscc:
            return True
        own = plain(self.name)
        return bool(name) and (own in name or name in own) and (UNION in own) == (UNION in name)


def of_unit(unit: Unit) -> Buyer:
    return Buyer(unit.name, unit.uscc)


def buyers_of(subject: Subject) -> Iterator[Buyer]:
    """The unit, a union's host; for canteen goods whoever runs the canteen on that day, and a shared one's unit."""
    unit, date = subject.unit, subject.purchase.date
    yield of_unit(unit)
    if unit.host:
        yield of_unit(unit.host)
    if not any(line.use == Use.CANTEEN for line in subject.lines):
        return
    since = unit.canteen_operator_since
    if unit.canteen_operator and (since is None or date is None or since <= date):
        yield Buyer(unit.canteen_operator, unit.canteen_operator_uscc)
    if subject.base is not None and subject.base.canteen_representative is not None:
        yield of_unit(subject.base.canteen_representative)


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
    for receipt in subject.receipts:
        name, uscc = plain(receipt.data.get("buyer_name")), plain(receipt.data.get("buyer_id"))
        if not (name or uscc) or any(buyer.is_named(name, uscc) for buyer in buyers):
            continue
        shown = receipt.data.get("buyer_name") or receipt.data.get("buyer_id")
        yield Doubt(
            code="other_buyer",
            level=Level.WARN,
            message=f"票据“{receipt}”的购买方是“{shown}”，不是{'或'.join(each.name for each in buyers)}，"
            + _advice(name, unit, outside=outside),
            field="receipts",
            clause="第五部分（一）",
        )
