"""What one posted line adds to its unit's running sums (分). The sums are the rules' numerators."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from procurement.choices import Channel, Use
from procurement.terms import Terms


class LineFacts(NamedTuple):
    """A posted line as the sums see it: ids, codes and amounts in 分. `responsible` None when nobody answers."""

    pk: int
    day: datetime.date
    unit: int
    channel: str
    use: str
    holiday: str
    region: int
    is_832: bool
    amount: int
    overlap: int
    subject: int | None = None
    responsible: int | None = None


class Measures(NamedTuple):
    """Sums in 分. Commerce is less its 其中已登记金额, so nothing counts twice."""

    direct_east_west: int = 0
    direct_mountain_sea: int = 0
    commerce_east_west: int = 0
    commerce_mountain_sea: int = 0
    canteen_832: int = 0
    canteen_832_paired: int = 0
    holiday: int = 0
    welfare: int = 0

    def plus(self, other: Measures) -> Measures:
        return Measures(*map(int.__add__, self, other))

    @classmethod
    def total(cls, each: Iterable[Measures]) -> Measures:
        return cls(*map(sum, zip(*each, strict=True)))

    @property
    def direct(self) -> int:
        """Paired lines, every use but 商务帮扶."""
        return self.direct_east_west + self.direct_mountain_sea

    @property
    def commerce(self) -> int:
        return self.commerce_east_west + self.commerce_mountain_sea


NOTHING = Measures()


def measure(line: LineFacts, terms: Terms) -> Measures:
    """The line's part in each sum, by its recognised amount."""
    paired, east_west = terms.paired(line.region), terms.east_west(line.region)
    if line.use == Use.COMMERCE:
        net = line.amount - line.overlap
        return Measures(
            commerce_east_west=net if east_west else 0,
            commerce_mountain_sea=net if paired and not east_west else 0,
        )
    on_832 = line.use == Use.CANTEEN and line.channel == Channel.PLATFORM_832 and line.is_832
    gift = line.use == Use.UNION_HOLIDAY and paired and line.holiday in terms.holidays
    amount = line.amount
    return Measures(
        direct_east_west=amount if east_west else 0,
        direct_mountain_sea=amount if paired and not east_west else 0,
        canteen_832=amount if on_832 else 0,
        canteen_832_paired=amount if on_832 and paired else 0,
        holiday=amount if gift else 0,
        welfare=amount if line.use == Use.UNION_WELFARE else 0,
    )
