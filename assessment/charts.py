"""What the charts and the tables beside them show. Pure; amounts in 分, chart data as text in 万元."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from assessment.rules.standing import WHOLE
from cixi_xiezuo.money import from_fen, to_fen
from procurement.choices import PairingKind
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
    """`amount` of the month and `reached` since January; None for months to come. `plan`: an even pace."""

    number: int
    plan: int
    amount: int | None = None
    reached: int | None = None


def months(sums: Mapping[int, int], threshold: int, year: int, as_of: datetime.date) -> list[Month]:
    """The twelve months against an even twelfth of the threshold each."""
    begun = 12 if as_of.year > year else as_of.month if as_of.year == year else 0
    rows, reached = [], 0
    for number in range(1, 13):
        plan = threshold * number // 12
        if number > begun:
            rows.append(Month(number, plan))
            continue
        reached += sums.get(number, 0)
        rows.append(Month(number, plan, sums.get(number, 0), reached))
    return rows


def months_chart(rows: Iterable[Month], threshold: int) -> dict[str, Any]:
    rows = list(rows)
    return {
        "kind": "progress",
        "labels": [f"{row.number}月" for row in rows],
        "amounts": [None if row.amount is None else wan(row.amount) for row in rows],
        "reached": [None if row.reached is None else wan(row.reached) for row in rows],
        "plan": [wan(row.plan) for row in rows],
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


def counties_chart(rows: Iterable[County]) -> dict[str, Any]:
    rows = list(rows)
    return {
        "kind": "bars",
        "labels": [f"{'★' if row.primary else ''}{row.name}" for row in rows],
        "series": [
            {"name": "直接采购", "values": [wan(row.direct) for row in rows]},
            {"name": "商务帮扶", "values": [wan(row.commerce) for row in rows]},
        ],
    }
