"""What a check is given and what it says."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from procurement.checks.known import Known, Repeated
from procurement.models.blacklist import Blacklisting
from procurement.models.purchase import Purchase, PurchaseLine
from procurement.models.receipt import Receipt

if TYPE_CHECKING:
    from procurement.terms import Terms
    from units.models import Unit, YearBase


MANY = 200


class Level(enum.StrEnum):
    BLOCK = "阻止"
    WARN = "警告"


@dataclass(frozen=True, slots=True)
class Doubt:
    """`field`: the form field it stands beside ("" for the whole); `clause`: where the rule comes from.

    `line`: the position of the line it is about, 0 for the head; `other`: the id of the purchase it is about
    besides this one, to be shown as a link to those who may see it. A clerk may submit with one that
    `needs_answer` only once they have answered it.
    """

    code: str
    level: Level
    message: str
    field: str = ""
    clause: str = ""
    line: int = 0
    other: int | None = None
    needs_answer: bool = False

    @property
    def blocks(self) -> bool:
        return self.level == Level.BLOCK


class Subject:
    """A purchase with what the checks look at. Checks ask the database nothing themselves."""

    def __init__(self, purchase: Purchase, known: Known | None = None) -> None:
        self.purchase = purchase
        self.known = known or Known([purchase])

    @classmethod
    def many(cls, purchases: Sequence[Purchase]) -> Iterator[Subject]:
        """Subjects of many purchases that share what is read: the same few queries for each MANY."""
        shared = Repeated(purchases) if len(purchases) > MANY and all(p.live for p in purchases) else None
        for start in range(0, len(purchases), MANY):
            part = purchases[start : start + MANY]
            known = Known(part, shared)
            for purchase in part:
                yield cls(purchase, known)

    @property
    def unit(self) -> Unit:
        return self.purchase.unit

    @cached_property
    def lines(self) -> list[PurchaseLine]:
        return self.known.lines[self.purchase.pk]

    @cached_property
    def receipts(self) -> list[Receipt]:
        return self.known.receipts[self.purchase.pk]

    @cached_property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @cached_property
    def base(self) -> YearBase | None:
        """What the unit declared for the purchase's year."""
        date = self.purchase.date
        return self.known.bases.get((self.purchase.unit_id, date.year)) if date else None

    @cached_property
    def terms(self) -> Terms | None:
        """How lines of the purchase's year are read; None without a date."""
        return self.known.terms.of(self.purchase.date.year) if self.purchase.date else None

    @cached_property
    def has_terms(self) -> bool:
        """Whether the purchase's year, or one before it, has terms at all."""
        return self.purchase.date is not None and self.known.terms.source(self.purchase.date.year) is not None

    @cached_property
    def blacklistings(self) -> list[Blacklisting]:
        """What stands on the blacklist of the supplier, or of its other names, on the purchase's day."""
        date, supplier = self.purchase.date, self.purchase.supplier
        if date is None or supplier is None:
            return []
        return [
            entry
            for entry in self.known.blacklistings
            if entry.covers(date)
            and (entry.supplier == supplier or (supplier.uscc and entry.supplier.uscc == supplier.uscc))
        ]

    @cached_property
    def same_invoice(self) -> list[Receipt]:
        """Live receipts of other purchases, anywhere, with an invoice of this one's."""
        return self._others(self.known.live_by_identity, {receipt.identity for receipt in self.receipts})

    @cached_property
    def same_file(self) -> list[Receipt]:
        """Live receipts of other purchases, anywhere, with the same bytes as one of this one's."""
        return self._others(self.known.live_by_file, {receipt.file_id for receipt in self.receipts})

    @cached_property
    def taken_back(self) -> list[Receipt]:
        """Red invoices, anywhere, of an invoice of this purchase, that are not with a refund of it."""
        held = {receipt.identity for receipt in self.receipts if receipt.identity}
        return [
            red
            for red in self.known.red
            if red.red_of in held
            and (red.purchase is None or red.purchase.original_id != self.purchase.pk)
            and red.purchase_id != self.purchase.pk
        ]

    def _others(self, live: Mapping[Any, list[Receipt]], held: set[Any]) -> list[Receipt]:
        found = [
            other
            for key in held
            if key
            for other in live.get(key, ())
            if other.purchase_id not in (None, self.purchase.pk)
        ]
        return sorted(found, key=lambda other: other.pk)

    @cached_property
    def twins(self) -> list[Purchase]:
        """Other live purchases with the same date, supplier and total."""
        key = (self.purchase.date, self.purchase.supplier_id, self.total)
        return [other for other in self.known.twins.get(key, []) if other.pk != self.purchase.pk]


def place_of(other: Purchase, subject: Subject) -> str:
    """Where another purchase stands, in words: in full for the same unit, else without naming the unit."""
    if other.unit_id == subject.purchase.unit_id:
        return f"本单位采购 {other.number}"
    return f"另一{other.unit.get_kind_display()}于 {other.date} 的采购"
