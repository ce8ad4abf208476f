"""活动日历: a year's activities month by month, and how many of each sort with what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from initiatives.amounts import amounts
from initiatives.models import Record


@dataclass(frozen=True, slots=True)
class Total:
    """Of one sort ("" where none is named): how many activities, `amount` (分) of their linked purchases, and the free booths."""

    sort: str
    count: int
    amount: int
    booths: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """`months`: (1–12, the activities that begin in it, in order of day); cancelled ones are left out. `sums`: what came of
    each (分, by id)."""

    months: list[tuple[int, list[Record]]]
    totals: list[Total]
    sums: dict[int, int]


def calendar(user: Any, year: int) -> Calendar:
    """Those that the person may see. Four queries."""
    rows = Record.objects.visible_to(user).filter(kind="activity", year=year).exclude(state="cancelled")
    records = list(rows.select_related("unit").order_by("starts", "pk"))
    sums = amounts(record.pk for record in records)
    months = [(month, [each for each in records if each.starts.month == month]) for month in range(1, 13)]
    sorts = sorted({_sort(each) for each in records})
    return Calendar(months, [_total(sort, records, sums) for sort in sorts], sums)


def _sort(record: Record) -> str:
    return record.data.get("sort") or ""


def _total(sort: str, records: list[Record], sums: dict[int, int]) -> Total:
    mine = [record for record in records if _sort(record) == sort]
    booths = sum(record.data.get("booths") or 0 for record in mine)
    return Total(sort, len(mine), sum(sums.get(record.pk, 0) for record in mine), booths)
