"""What one posted line adds to its unit's running sums (分). The sums are the numerators of RULES.md."""

from __future__ import annotations

from typing import NamedTuple

from cixi_xiezuo.money import to_fen
from procurement.choices import Channel, Use
from procurement.models.purchase import PurchaseLine
from procurement.terms import Terms


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

    @property
    def direct(self) -> int:
        """Paired lines, every use but 商务帮扶."""
        return self.direct_east_west + self.direct_mountain_sea

    @property
    def commerce(self) -> int:
        return self.commerce_east_west + self.commerce_mountain_sea


NOTHING = Measures()


def measure(line: PurchaseLine, terms: Terms) -> Measures:
    """The line's part in each sum, by its recognised amount. `line.region` must be loaded."""
    assert line.recognised is not None and line.region is not None
    amount = to_fen(line.recognised)
    paired, east_west = terms.paired(line.region_id), terms.east_west(line.region_id)
    if line.use == Use.COMMERCE:
        net = amount - to_fen(line.overlap)
        return Measures(
            commerce_east_west=net if east_west else 0,
            commerce_mountain_sea=net if paired and not east_west else 0,
        )
    on_832 = line.use == Use.CANTEEN and line.purchase.channel == Channel.PLATFORM_832 and line.region.is_832
    gift = line.use == Use.UNION_HOLIDAY and paired and line.holiday in terms.holidays
    return Measures(
        direct_east_west=amount if east_west else 0,
        direct_mountain_sea=amount if paired and not east_west else 0,
        canteen_832=amount if on_832 else 0,
        canteen_832_paired=amount if on_832 and paired else 0,
        holiday=amount if gift else 0,
        welfare=amount if line.use == Use.UNION_WELFARE else 0,
    )
