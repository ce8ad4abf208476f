"""Rows of the plan → purchases with lines, sellers and days, adding up to each row's amount to the 分."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from random import Random

from assessment.demo import days
from assessment.demo.data import Product, Seller, World
from assessment.demo.plan import Row
from assessment.demo.purchases import Buy, Goods
from cixi_xiezuo.money import to_fen
from procurement.choices import Channel, Use

SMALLEST = 600_00
"""No purchase of a row is much smaller than this, 分."""


class Shopper:
    def __init__(self, world: World, rng: Random) -> None:
        self.world, self.rng = world, rng

    def buy(self, row: Row) -> Iterator[Buy]:
        """The purchases of a row; the last line takes what is left, so that the sum is exact."""
        parts = self.split(row.fen, max(1, min(row.count, row.fen // SMALLEST)))
        carry = 0
        for place, part in enumerate(parts, start=1):
            buy = self._one(row, part + carry, exact=place == len(parts))
            carry += part - sum(line.amount - line.overlap for line in buy.lines)
            yield buy

    def split(self, fen: int, count: int) -> list[int]:
        """An amount in so many uneven parts."""
        weights = [self.rng.randint(60, 140) for _ in range(count)]
        whole = sum(weights)
        parts = [fen * weight // whole for weight in weights]
        parts[-1] += fen - sum(parts)
        return parts

    def _one(self, row: Row, fen: int, *, exact: bool) -> Buy:
        channel = self.rng.choices(list(row.channels), list(row.channels.values()))[0]
        seller, regions = self._seller(row, channel)
        holiday = self.rng.choice(row.holidays) if row.holidays else ""
        day = days.before(holiday, self.rng) if holiday else days.ordinary(self.rng, *row.months)
        count = 1 if fen < 3000_00 else self.rng.choice((1, 2, 2, 3))
        lines, carry = [], 0
        for place, part in enumerate(self.split(fen, count), start=1):
            region = self.rng.choices(regions, [row.regions[each] for each in regions])[0]
            product = self.rng.choice(self.world.products[region])
            line = self.line(row.use, region, product, part + carry, exact=exact and place == count)
            line.holiday = holiday
            carry += part - line.amount
            lines.append(line)
        if row.use == Use.COMMERCE and self.rng.random() < 0.3:
            self._overlap(lines[0])
        return self.at(row.unit, day, channel, seller, lines)

    def at(self, unit: str, day: datetime.date, channel: str, seller: Seller, lines: list[Goods]) -> Buy:
        from_farmers = not seller.taxed and channel == Channel.DIRECT and self.rng.random() < 0.4
        return Buy(
            unit=unit,
            day=day,
            invoiced=days.invoiced(day, self.rng),
            channel=channel,
            seller=seller.name,
            lines=lines,
            invoice=not from_farmers,
        )

    def line(self, use: str, region: str, product: Product, fen: int, *, exact: bool) -> Goods:
        """So many whole pieces as come nearest to the amount; or exactly the amount."""
        price = to_fen(product.price)
        pieces = max(1, (fen + price // 2) // price)
        quantity = Decimal(pieces)
        if exact and pieces * price != fen:
            quantity = max((Decimal(fen) / price).quantize(Decimal("0.01")), Decimal("0.01"))
        amount = fen if exact else pieces * price
        return Goods(use, region, product.name, product.measure, quantity, amount)

    def _overlap(self, line: Goods) -> None:
        """Part of what a merchant sold went to units that record it themselves: shown, counted once."""
        overlap = line.amount * self.rng.randint(10, 40) // 100 // 100 * 100
        line.amount += overlap
        line.overlap = overlap
        line.quantity = (line.quantity * line.amount / (line.amount - overlap)).quantize(Decimal("0.01"))

    def _seller(self, row: Row, channel: str) -> tuple[Seller, list[str]]:
        """A seller for a channel and the row's regions it sells from. Exports go by the producers."""
        found = [
            (seller, [region for region in seller.regions if region in row.regions])
            for seller in self.world.sellers
            if (Channel.DIRECT if channel == Channel.EXPORT else channel) in seller.channels
        ]
        found = [(seller, regions) for seller, regions in found if regions]
        weights = [max(row.regions[region] for region in regions) for _, regions in found]
        return self.rng.choices(found, weights)[0]
