"""What a check is given and what it says."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from procurement.models.purchase import Purchase, PurchaseLine
from procurement.models.receipt import Receipt

if TYPE_CHECKING:
    from procurement.terms import Terms


class Level(enum.StrEnum):
    BLOCK = "阻止"
    WARN = "警告"


@dataclass(frozen=True, slots=True)
class Doubt:
    """`field`: the form field it stands beside ("" for the whole); `clause`: where the rule comes from."""

    code: str
    level: Level
    message: str
    field: str = ""
    clause: str = ""


class Subject:
    """A purchase with what the checks look at, each read once."""

    def __init__(self, purchase: Purchase) -> None:
        self.purchase = purchase

    @cached_property
    def lines(self) -> list[PurchaseLine]:
        return list(self.purchase.lines.select_related("region"))

    @cached_property
    def receipts(self) -> list[Receipt]:
        return list(self.purchase.receipts.all())

    @cached_property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @cached_property
    def terms(self) -> Terms | None:
        from procurement.terms import TermsBook

        return TermsBook().of(self.purchase.date.year) if self.purchase.date else None
