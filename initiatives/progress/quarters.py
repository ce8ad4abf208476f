"""The quarters of which a task reports, and by when."""

from __future__ import annotations

import calendar
import datetime
from typing import NamedTuple

from initiatives.models import Record

GRACE = datetime.timedelta(days=10)
"""After the quarter's last day; then the report is late."""


class Quarter(NamedTuple):
    """`number` from 1 to 4. Quarters follow one another as their `place` does."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year} 年第{self.number}季度"

    @property
    def place(self) -> int:
        return 4 * self.year + self.number - 1

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> datetime.date:
        month = 3 * self.number
        return datetime.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def deadline(self) -> datetime.date:
        return self.last_day + GRACE


def at(place: int) -> Quarter:
    return Quarter(place // 4, place % 4 + 1)


def quarter_of(day: datetime.date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def quarters_of(record: Record) -> list[Quarter]:
    """From its first day to its last, through every year between; one without an end reports of its first year alone."""
    last = quarter_of(record.ends) if record.ends else Quarter(record.starts.year, 4)
    return [at(place) for place in range(quarter_of(record.starts).place, last.place + 1)]


def latest_over(today: datetime.date, grace: datetime.timedelta) -> Quarter:
    """The latest quarter that was over more than `grace` before today."""
    now = quarter_of(today).place
    return next(found for found in map(at, range(now, now - 3, -1)) if found.last_day + grace < today)
