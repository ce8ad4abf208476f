"""An invented purchase before it is stored. Amounts in 分; units, sellers and regions by code or name."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from procurement.choices import Status


@dataclass(slots=True)
class Goods:
    """One line."""

    use: str
    region: str
    product: str
    measure: str
    quantity: Decimal
    amount: int
    holiday: str = ""
    overlap: int = 0


@dataclass(slots=True)
class Buy:
    """`invoice` False: bought from farmers, with 合同 and 付款凭据. `paper`: "" no file, else which PDF to draw."""

    unit: str
    day: datetime.date
    invoiced: datetime.date
    channel: str
    seller: str
    lines: list[Goods]
    status: str = Status.APPROVED
    invoice: bool = True
    paper: str = ""
    note: str = ""
    reason: str = ""
    recognised: int | None = None
    original: Buy | None = None
    number: str = field(default="", compare=False)

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def date(self) -> datetime.date:
        """The day it counts on."""
        return self.invoiced if self.invoice else self.day
