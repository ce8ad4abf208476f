"""When the seven statutory holidays fall, and which of them a day is near."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from procurement.choices import Holiday

_LUNAR = {  # (month, day) from FIRST on
    Holiday.SPRING: (
        (2, 5), (1, 25), (2, 12), (2, 1), (1, 22), (2, 10), (1, 29), (2, 17), (2, 6), (1, 26), (2, 13), (2, 3), (1, 23),
    ),
    Holiday.DRAGON_BOAT: (
        (6, 7), (6, 25), (6, 14), (6, 3), (6, 22), (6, 10), (5, 31), (6, 19), (6, 9), (5, 28), (6, 16), (6, 5), (6, 24),
    ),
    Holiday.MID_AUTUMN: (
        (9, 13), (10, 1), (9, 21), (9, 10), (9, 29), (9, 17), (10, 6), (9, 25), (9, 15), (10, 3), (9, 22), (9, 12), (10, 1),
    ),
}  # fmt: skip
_FIXED = {Holiday.NEW_YEAR: (1, 1), Holiday.LABOUR: (5, 1), Holiday.NATIONAL: (10, 1)}
FIRST, LAST = 2019, 2031
"""The years the table covers."""


def day_of(holiday: Holiday, year: int) -> datetime.date | None:
    """The holiday's day in a calendar year; None outside the table."""
    if holiday in _FIXED:
        return datetime.date(year, *_FIXED[holiday])
    if holiday == Holiday.QINGMING:
        return datetime.date(year, 4, 4 if year % 4 in (0, 1) else 5)
    return datetime.date(year, *_LUNAR[holiday][year - FIRST]) if FIRST <= year <= LAST else None


def days_from(
    holiday: Holiday, date: datetime.date, days: Mapping[str, datetime.date] | None = None
) -> int | None:
    """Days from the nearest such holiday to the date (negative: before it); None outside the table.

    `days`: when holidays fall that the year's policy dates itself.
    """
    set_day = (days or {}).get(holiday)
    here = set_day or day_of(holiday, date.year)
    around = [day_of(holiday, date.year - 1), here, day_of(holiday, date.year + 1)]
    near = [day for day in around if day is not None]
    if not near or (set_day is None and not FIRST <= date.year <= LAST):
        return None
    return min(((date - day).days for day in near), key=abs)


def next_holiday(today: datetime.date) -> tuple[Holiday, datetime.date] | None:
    """The next of the seven holidays and its day, today included; None outside the table."""
    days = [
        (day, each)
        for each in Holiday
        for year in (today.year, today.year + 1)
        if (day := day_of(each, year)) is not None and day >= today
    ]
    if not days:
        return None
    day, holiday = min(days)
    return holiday, day
