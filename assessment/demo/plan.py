"""How much each unit buys for what in the demo year: rows of amounts that the purchases then add up to.

The totals lie where a year is worth looking at: the city at 82 % of its 6600 万, departments and towns at 91 %
of their 3500 万, some towns over 100 %, some canteens just under 10 %.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from assessment.demo.data import Declared, World
from procurement.choices import Channel, Holiday, Use
from units.kinds import Kind

CITY_FEN = 54_120_000_00
"""What the whole city shall have sold and bought: 82 % of 6600 万."""

PAIRED_832 = {
    "布拖县": 50, "昭觉县": 8, "金阳县": 6, "甘洛县": 7, "越西县": 6, "喜德县": 5, "普格县": 4, "盐源县": 8,
    "美姑县": 4, "雷波县": 6, "木里藏族自治县": 2,
}  # fmt: skip
OTHER_832 = {"其他832脱贫县": 1}
PAIRED = {
    "布拖县": 36, "昭觉县": 3, "金阳县": 3, "甘洛县": 3, "越西县": 3, "喜德县": 3, "普格县": 2, "盐源县": 6,
    "美姑县": 2, "雷波县": 5, "木里藏族自治县": 2, "西昌市": 4, "常山县": 26, "柯城区": 3, "衢江区": 3, "龙游县": 3,
    "江山市": 4, "开化县": 4,
}  # fmt: skip
MOUNTAIN_SEA = {"常山县": 12, "江山市": 2, "龙游县": 2, "西昌市": 1}

PLATFORM = {Channel.PLATFORM_832: 1}
GIFTS = {Channel.DIRECT: 4, Channel.RETAIL: 3, Channel.PLATFORM_832: 2, Channel.ABC_ZONE: 1}
ORDINARY = {Channel.DIRECT: 4, Channel.RETAIL: 3, Channel.ECOMMERCE: 2, Channel.ABC_ZONE: 1}
PEOPLE = {
    Channel.RETAIL: 3, Channel.SMART_CABINET: 3, Channel.LIVESTREAM: 2, Channel.ABC_ZONE: 2, Channel.EXHIBITION: 1,
}  # fmt: skip
TRADE = {
    Channel.EXHIBITION: 3,
    Channel.RETAIL: 3,
    Channel.LIVESTREAM: 2,
    Channel.ECOMMERCE: 2,
    Channel.EXPORT: 1,
}


@dataclass(frozen=True, slots=True)
class Row:
    """`fen` in all, in about `count` purchases, from `regions` and by `channels` (weights)."""

    unit: str
    use: str
    fen: int
    count: int
    regions: dict[str, int]
    channels: dict[Channel, int]
    holidays: tuple[str, ...] = ()
    months: tuple[int, int] = (1, 12)


@dataclass
class Planner:
    world: World
    purchases: int
    rows: list[Row] = field(default_factory=list)

    def plan(self) -> list[Row]:
        for declared in self.world.declared.values():
            self.rows += self._own(declared)
        self._fill()
        self._trade()
        return self.rows

    def _own(self, declared: Declared) -> Iterator[Row]:
        """What the rules ask of the unit itself: canteen, gifts, welfare, a bank's share; and set purchases."""
        unit = declared.unit
        if canteen := declared.planned("canteen", declared.fen("canteen_budget")):
            other = canteen * 15 // 100 // 100 * 100
            yield Row(unit, Use.CANTEEN, canteen - other, 7, PAIRED_832, PLATFORM, months=(2, 12))
            yield Row(unit, Use.CANTEEN, other, 2, OTHER_832, PLATFORM, months=(2, 12))
            off = declared.fen("canteen_budget") // 5000 * 100
            if off and int(unit[1:]) % 2:
                yield Row(unit, Use.CANTEEN, off, 2, MOUNTAIN_SEA, {Channel.DIRECT: 1})
        if gifts := declared.planned("holiday", declared.fen("holiday_gifts")):
            feasts = (
                Holiday.SPRING,
                Holiday.DRAGON_BOAT,
                Holiday.MID_AUTUMN,
                Holiday.NATIONAL,
                Holiday.LABOUR,
            )
            start = int(unit[1:]) % 3
            yield Row(unit, Use.UNION_HOLIDAY, gifts, 4, PAIRED, GIFTS, holidays=feasts[start : start + 3])
        heads = int(declared.base.get("headcount", 0))
        if welfare := declared.planned("welfare", heads * 500_00):
            yield Row(unit, Use.UNION_WELFARE, welfare, 2, PAIRED, GIFTS, months=(4, 11))
        if share := declared.planned("financial", declared.fen("assistance_base")):
            yield Row(unit, Use.OFFICE, share, 5, PAIRED, ORDINARY)
        for use in (Use.OFFICE, Use.RAW_MATERIAL):
            if use in declared.plan:
                fen = int(Decimal(declared.plan[use]) * 100)
                yield Row(unit, use, fen, max(2, fen // 90_000_00), PAIRED, ORDINARY)

    def _fill(self) -> None:
        """Bring each department and town to its planned completion, by who buys in its trade or place."""
        answered: dict[str, int] = defaultdict(int)
        for row in self.rows:
            if row.regions is not OTHER_832:
                answered[self.world.answers(row.unit)] += row.fen
        gaps = {}
        for code, declared in self.world.declared.items():
            wanted = int(declared.fen("target") * Decimal(declared.plan.get("completion", "0")))
            if wanted > answered[code]:
                gaps[code] = wanted - answered[code]
        spare = self.purchases - sum(row.count for row in self.rows) - self._trade_count()
        whole = sum(gaps.values())
        for code, gap in gaps.items():
            self.rows += self._fillers(code, gap, max(3, spare * gap // whole))

    def _fillers(self, code: str, gap: int, count: int) -> list[Row]:
        """The gap shared among those who buy: people 4, companies 5, the office itself 1 part."""
        buyers: dict[tuple[str, str], int] = {(code, Use.OFFICE): 1}
        for unit in self.world.buyers(code, Kind.INDIVIDUALS):
            buyers[unit, Use.PERSONAL] = 4
        companies = self.world.buyers(code, Kind.ENTERPRISE, Kind.SOE, Kind.SOCIAL_ORG, Kind.INSTITUTION)
        for unit in companies:
            food = self.world.units[unit].kind == Kind.ENTERPRISE
            buyers[unit, Use.RAW_MATERIAL if food else Use.OFFICE] = max(1, 5 // len(companies))
        whole, left = sum(buyers.values()), gap
        rows = []
        for place, ((unit, use), parts) in enumerate(buyers.items(), start=1):
            fen = left if place == len(buyers) else gap * parts // whole // 100 * 100
            left -= fen
            channels = PEOPLE if use == Use.PERSONAL else ORDINARY
            rows.append(Row(unit, use, fen, max(1, round(count * parts / whole)), PAIRED, channels))
        return rows

    def _merchants(self) -> dict[str, int]:
        return {
            code: declared.plan["commerce"]
            for code, declared in self.world.declared.items()
            if "commerce" in declared.plan
        }

    def _trade_count(self) -> int:
        return sum(max(3, weight) for weight in self._merchants().values())

    def _trade(self) -> None:
        """What merchants sell to the public (商务帮扶), up to the city's total."""
        direct = sum(row.fen for row in self.rows if row.regions is not OTHER_832)
        merchants = self._merchants()
        left, whole = CITY_FEN - direct, sum(merchants.values())
        gap = left
        for place, (unit, weight) in enumerate(merchants.items(), start=1):
            fen = left if place == len(merchants) else gap * weight // whole // 100 * 100
            left -= fen
            self.rows.append(Row(unit, Use.COMMERCE, fen, max(3, weight), PAIRED, TRADE, months=(3, 12)))
