"""The quarters of which a task reports, and by when."""

from __future__ import annotations

import calendar
import datetime

from initiatives.models import Record

QUARTERS = (1, 2, 3, 4)
GRACE = datetime.timedelta(days=10)
"""After the quarter's last day; then the report is late."""


def first_day(year: int, quarter: int) -> datetime.date:
    return datetime.date(year, 3 * quarter - 2, 1)


def last_day(year: int, quarter: int) -> datetime.date:
    month = 3 * quarter
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def deadline(year: int, quarter: int) -> datetime.date:
    return last_day(year, quarter) + GRACE


def quarters_of(record: Record) -> range:
    """Those of its year in which the task runs; one that goes on into another year reports of the first alone."""
    last = 4 if record.ends is None or record.ends.year > record.year else (record.ends.month + 2) // 3
    return range((record.starts.month + 2) // 3, last + 1)


def latest_year(quarter: int, today: datetime.date, grace: datetime.timedelta) -> int:
    """The latest year whose quarter was over more than `grace` before today."""
    return next(
        year for year in range(today.year, today.year - 3, -1) if last_day(year, quarter) + grace < today
    )
