"""On which days of 2021 people buy: before holidays, month by month for canteens, more towards the year's end."""

from __future__ import annotations

import datetime
from random import Random

from assessment.demo.data import YEAR
from procurement.choices import Holiday

HOLIDAYS = {
    Holiday.SPRING: datetime.date(2021, 2, 12),
    Holiday.QINGMING: datetime.date(2021, 4, 4),
    Holiday.LABOUR: datetime.date(2021, 5, 1),
    Holiday.DRAGON_BOAT: datetime.date(2021, 6, 14),
    Holiday.MID_AUTUMN: datetime.date(2021, 9, 21),
    Holiday.NATIONAL: datetime.date(2021, 10, 1),
    Holiday.NEW_YEAR: datetime.date(2022, 1, 1),
}
FIRST, LAST = datetime.date(YEAR, 1, 4), datetime.date(YEAR, 12, 31)
MONTHS = (5, 3, 6, 7, 8, 8, 8, 8, 11, 11, 12, 13)
"""How much of a year's ordinary buying falls in each month."""


def workday(day: datetime.date) -> datetime.date:
    """The day itself, or the Friday before a weekend, inside the year."""
    day -= datetime.timedelta(days=max(0, day.weekday() - 4))
    return min(max(day, FIRST), LAST)


def before(holiday: str, rng: Random) -> datetime.date:
    return workday(HOLIDAYS[Holiday(holiday)] - datetime.timedelta(days=rng.randint(6, 36)))


def ordinary(rng: Random, first: int = 1, last: int = 12) -> datetime.date:
    month = rng.choices(range(first, last + 1), MONTHS[first - 1 : last])[0]
    return workday(datetime.date(YEAR, month, rng.randint(1, 28)))


def invoiced(day: datetime.date, rng: Random) -> datetime.date:
    return min(day + datetime.timedelta(days=rng.choice((0, 0, 0, 1, 2, 4))), LAST)
