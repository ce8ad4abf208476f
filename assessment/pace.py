"""At the present pace: by which day, month or holiday a gap closes. Plain proportion, nothing cleverer."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`expected`: what the year would end at, 分; `reached_on`: when `needed` is reached, None if not this year."""

    expected: int
    reached_on: datetime.date | None


def pace(year: int, as_of: datetime.date, done: int, needed: int) -> Pace:
    """`done` of `needed` (分) by `as_of`, carried on evenly to 31 December."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    day = min(max(as_of, first), last)
    elapsed, whole = (day - first).days + 1, (last - first).days + 1
    expected = done * whole // elapsed
    if done >= needed:
        return Pace(expected, day)
    if done <= 0:
        return Pace(expected, None)
    days = -(-needed * elapsed // done)
    return Pace(expected, first + datetime.timedelta(days=days - 1) if days <= whole else None)
