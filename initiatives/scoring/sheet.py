"""The sheet of a year: each department's and town's points by criterion, the total and the rank.

While a year is open everything is computed when it is asked for. At 封账 the whole sheet is kept, and a closed year
shows what was kept (docs/decisions/scoring.md).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass

from assessment.models import PolicyStatus
from assessment.sealing import digest
from assessment.standing import YearStanding
from initiatives.scoring.criteria import Criteria, Entered, Item, criteria_of
from initiatives.scoring.measures import MISSING, Share, computed
from initiatives.scoring.models import KeptSheet, Measure
from units.years import locked_years


@dataclass(frozen=True, slots=True)
class Mark:
    """A unit's points for one criterion, in hundredths; None until 市商务局 enters them. A deduction's are 0 or below.

    `said`: where they come from. `entered`: by 市商务局, for the reason in `said`.
    """

    points: int | None
    said: str
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`total` in hundredths, never below 0; equal totals share a rank (1, 2, 2, 4)."""

    code: str
    name: str
    kind: str
    marks: tuple[Mark, ...]
    total: int
    rank: int = 0

    @property
    def waiting(self) -> int:
        """How many criteria have no points yet."""
        return sum(mark.points is None for mark in self.marks)


@dataclass(frozen=True)
class Sheet:
    """`rows` by rank, then code. `kept`: what it was read from, where the year is closed."""

    year: int
    as_of: datetime.date
    criteria: Criteria
    rows: tuple[Row, ...]
    locked: bool = False
    kept: KeptSheet | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        return self.criteria.items

    @property
    def whole(self) -> bool:
        """Whether what was kept is still what it was."""
        return self.kept is None or digest(self.kept.content) == self.kept.digest

    def of(self, code: str) -> Row | None:
        return next((row for row in self.rows if row.code == code), None)


def sheet_of(year: int, standing: YearStanding | None = None) -> Sheet:
    """As of the standing's day, or as it was kept. Raises Refused where there is no policy for the year."""
    standing = standing or YearStanding.read(year)
    locked = _locked(standing)
    kept = KeptSheet.objects.filter(year=year).order_by("-version").first() if locked else None
    return live(standing, locked) if kept is None else _read(kept)


def _locked(standing: YearStanding) -> bool:
    """A closed year's own policy says so itself."""
    policy = standing.policy
    if policy.year == standing.year:
        return bool(policy.status == PolicyStatus.SEALED)
    return standing.year in locked_years()


def live(standing: YearStanding, locked: bool = False) -> Sheet:
    criteria = criteria_of(standing.year)
    shares = computed([item.measure for item in criteria.items], standing)
    rows = []
    for responsible in standing.responsible:
        unit = responsible.unit
        marks = tuple(
            _mark(
                item,
                shares.get(item.measure, {}).get(unit.id),
                criteria.entries.get((item.pk, unit.id)),
            )
            for item in criteria.items
        )
        total = max(0, sum(mark.points or 0 for mark in marks))
        rows.append(Row(unit.code, unit.name, unit.kind, marks, total))
    return Sheet(standing.year, standing.as_of, criteria, tuple(_ranked(rows)), locked)


def _mark(item: Item, share: Share | None, entry: Entered | None) -> Mark:
    """What can be computed is; else what was entered holds. No deduction is none."""
    if share is not None:
        return Mark(share.points(item.full), share.said)
    if entry is not None:
        return Mark(-entry.points if item.deducts else entry.points, entry.reason, entered=True)
    if item.deducts:
        return Mark(0, "没有扣分")
    return Mark(None, MISSING[Measure(item.measure)] if item.computed else "等待市商务局评定")


def _ranked(rows: list[Row]) -> Iterator[Row]:
    rows = sorted(rows, key=lambda row: (-row.total, row.code))
    rank, before = 0, None
    for place, row in enumerate(rows, start=1):
        rank = rank if row.total == before else place
        before = row.total
        yield Row(row.code, row.name, row.kind, row.marks, row.total, rank)


def _read(kept: KeptSheet) -> Sheet:
    found = json.loads(kept.content)
    criteria = criteria_of(kept.year)
    items = tuple(Item(**item) for item in found["items"])
    rows = tuple(
        Row(**row | {"marks": tuple(Mark(**mark) for mark in row["marks"])}) for row in found["rows"]
    )
    as_of = datetime.date.fromisoformat(found["as_of"])
    return Sheet(kept.year, as_of, Criteria(items, criteria.table), rows, True, kept)
