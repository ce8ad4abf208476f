"""Which rows of the running sums make up a year up to a day."""

from __future__ import annotations

import datetime

from django.db.models import Q

from procurement.models.tally import YEAR


def up_to(year: int, as_of: datetime.date) -> Q:
    """The fewest rows: the year's own where the day is past it, else whole months and the days of the last."""
    if as_of < datetime.date(year, 1, 1):
        return Q(pk__in=[])
    if as_of >= datetime.date(year, 12, 31):
        return Q(year=year, period=YEAR)
    return months_up_to(year, as_of)


def months_up_to(year: int, as_of: datetime.date) -> Q:
    """The same kept apart by month: each row's period is its month × 100, or a day of the last month."""
    if as_of < datetime.date(year, 1, 1):
        return Q(pk__in=[])
    last = min(as_of, datetime.date(year, 12, 31))
    month = last.month * 100
    if last.day == 31 and last.month == 12:
        return Q(year=year, period__in=[each * 100 for each in range(1, 13)])
    whole = [each * 100 for each in range(1, last.month)]
    return Q(year=year) & (Q(period__in=whole) | Q(period__gt=month, period__lte=month + last.day))
