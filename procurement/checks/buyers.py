"""Whom the invoices of a purchase may be made out to."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from procurement.checks.base import Subject
from procurement.choices import Use
from procurement.models.receipt import Receipt
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


def operator_of(subject: Subject) -> Buyer | None:
    """Whoever runs the unit's canteen under contract on the purchase's day."""
    unit, date = subject.unit, subject.purchase.date
    since = unit.canteen_operator_since
    if not unit.canteen_operator or (since is not None and date is not None and since > date):
        return None
    return Buyer(unit.canteen_operator, unit.canteen_operator_uscc)


def buyers_of(subject: Subject) -> Iterator[Buyer]:
    """The unit, a union's host; for canteen goods whoever runs the canteen on that day, and a shared one's unit."""
    unit = subject.unit
    yield of_unit(unit)
    if unit.host:
        yield of_unit(unit.host)
    if not any(line.use == Use.CANTEEN for line in subject.lines):
        return
    if (operator := operator_of(subject)) is not None:
        yield operator
    if subject.base is not None and subject.base.canteen_representative is not None:
        yield of_unit(subject.base.canteen_representative)


def to_others(receipts: Iterable[Receipt], buyers: Collection[Buyer]) -> Iterator[tuple[Receipt, str, str]]:
    """The receipts that name a buyer and none of these, each with the name and the code it names, plain."""
    for receipt in receipts:
        name, uscc = plain(receipt.data.get("buyer_name")), plain(receipt.data.get("buyer_id"))
        if (name or uscc) and not any(buyer.is_named(name, uscc) for buyer in buyers):
            yield receipt, name, uscc
