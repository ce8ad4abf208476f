"""What the charts and the tables beside them show. Pure; amounts in 分, chart data as text in 万元."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from assessment.rules.standing import WHOLE
from cixi_xiezuo.money import from_fen, to_fen
from procurement.choices import Channel, Holiday, PairingKind
from procurement.models import Pairing
from procurement.region_sums import RegionSum

NO_SUM = RegionSum(Decimal(0), Decimal(0))


def wan(fen: int) -> str:
    """分 → 万元 with two decimals, as a chart draws it."""
    return str((from_fen(fen) / 10_000).quantize(Decimal("0.01"), ROUND_DOWN))


def share(part: int, whole: int) -> int | None:
    """part / whole in ten-thousandths, truncated; None of nothing."""
    return part * WHOLE // whole if whole > 0 and part >= 0 else None


def elapsed(year: int, as_of: datetime.date) -> int:
    """How much of the year has gone by the end of a day, in ten-thousandths."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    days = (min(as_of, last) - first).days + 1
    return max(0, days) * WHOLE // ((last - first).days + 1)


@dataclass(frozen=True, slots=True)
class Month:
    """`amount` of the month and `reached` since January; None for months to come. `plan`: an even pace.

    `last`: reached by then in the year before; `expected`: at the present pace, None for months gone by.
    """

    number: int
    plan: int
    last: int
    amount: int | None = None
    reached: int | None = None
    expected: int | None = None


def months(
    sums: Mapping[int, int],
    before: Mapping[int, int],
    threshold: int,
    year: int,
    as_of: datetime.date,
    expected: int | None = None,
) -> list[Month]:
    """The twelve months against an even twelfth of the threshold each. `expected`: what the year would end at."""
    begun = 12 if as_of.year > year else as_of.month if as_of.year == year else 0
    rows, reached, last = [], 0, 0
    for number in range(1, 13):
        plan = threshold * number // 12
        last += before.get(number, 0)
        if number > begun:
            ahead = None if expected is None else _between(reached, expected, number - begun, 12 - begun)
            rows.append(Month(number, plan, last, expected=ahead))
            continue
        reached += sums.get(number, 0)
        rows.append(Month(number, plan, last, sums.get(number, 0), reached))
    return rows


def _between(first: int, last: int, step: int, steps: int) -> int:
    return first + (last - first) * step // steps


def months_chart(rows: Iterable[Month], threshold: int) -> dict[str, Any]:
    """The forecast's line begins where this year's ends; last year's is left out where nothing is known of it."""
    rows = list(rows)
    known = [row for row in rows if row.reached is not None]
    start = known[-1].number if known else 0
    forecast = [
        wan(row.expected)
        if row.expected is not None
        else wan(row.reached)
        if row.number == start and row.reached is not None
        else None
        for row in rows
    ]
    return {
        "kind": "progress",
        "labels": [f"{row.number}月" for row in rows],
        "reached": [None if row.reached is None else wan(row.reached) for row in rows],
        "plan": [wan(row.plan) for row in rows],
        "last": [wan(row.last) for row in rows] if rows and rows[-1].last else None,
        "forecast": forecast if any(row.expected is not None for row in rows) else None,
        "threshold": wan(threshold),
    }


@dataclass(frozen=True, slots=True)
class County:
    code: str
    name: str
    pairing: str
    primary: bool
    direct: int
    commerce: int

    @property
    def total(self) -> int:
        return self.direct + self.commerce


def counties(pairings: Iterable[Pairing], sums: Mapping[int, RegionSum]) -> list[County]:
    """Every paired county, the primary ones first, then by amount from the largest."""
    rows = []
    for pairing in pairings:
        found = sums.get(pairing.region_id, NO_SUM)
        rows.append(
            County(
                code=pairing.region.code,
                name=pairing.region.name,
                pairing=PairingKind(pairing.kind).label,
                primary=pairing.primary,
                direct=to_fen(found.direct),
                commerce=to_fen(found.commerce),
            )
        )
    return sorted(rows, key=lambda row: (not row.primary, -row.total, row.code))


@dataclass(frozen=True, slots=True)
class Slice:
    """A channel or holiday: `part` as the lines' page is asked for it; 分."""

    part: str
    name: str
    direct: int
    commerce: int

    @property
    def total(self) -> int:
        return self.direct + self.commerce


def channels(sums: Mapping[tuple[str, str], RegionSum]) -> list[Slice]:
    """Every channel by which anything was bought, the largest first."""
    rows = [_slice("channel", each, [sums[key] for key in sums if key[0] == each]) for each in Channel]
    return sorted((row for row in rows if row.direct or row.commerce), key=lambda row: -row.total)


def holidays(sums: Mapping[tuple[str, str], RegionSum]) -> list[Slice]:
    """The seven holidays in the order of the year."""
    return [_slice("holiday", each, [sums[key] for key in sums if key[1] == each]) for each in Holiday]


def _slice(sort: str, choice: Channel | Holiday, sums: list[RegionSum]) -> Slice:
    direct, commerce = (sum((to_fen(each[part]) for each in sums), 0) for part in (0, 1))
    return Slice(f"{sort}-{choice.value}", str(choice.label), direct, commerce)


def stacked(
    rows: Iterable[County | Slice],
    address: Callable[[Any], str],
    kind: str = "bars",
    *,
    commerce: bool = True,
) -> dict[str, Any]:
    """A bar a row; `address`: where a click on it leads."""
    rows = list(rows)
    series = [{"name": "直接采购", "values": [wan(row.direct) for row in rows]}]
    if commerce:
        series.append({"name": "商务帮扶", "values": [wan(row.commerce) for row in rows]})
    return {
        "kind": kind,
        "labels": [f"{'★' if getattr(row, 'primary', False) else ''}{row.name}" for row in rows],
        "series": series,
        "links": [address(row) for row in rows],
    }
