"""Both city figures month by month, of a year and the one before, in one query."""

from __future__ import annotations

import datetime
from collections import defaultdict
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Sum, Value, When

from assessment.rules.dept_town_total import by_supervisor, counted
from assessment.standing import YearStanding
from cixi_xiezuo.money import to_fen
from cixi_xiezuo.written import Written
from procurement.measures import Measures
from procurement.models.tally import Tally
from procurement.month_sums import PARTS
from procurement.periods import months_up_to
from units.kinds import ANSWERING
from units.models import BaseStatus, YearBase

Months = dict[int, int]
"""Month → 分 of it."""


class TwoYears(NamedTuple):
    city: Months
    city_before: Months
    answered: Months
    answered_before: Months


def two_years(standing: YearStanding) -> TwoYears:
    """Up to the standing's day, and all of the year before; each year by its own 宁波名单, both by this year's reading."""
    rule, year = standing.facts.rules["dept_town_total"], standing.year
    found: dict[tuple[int, bool], Months] = defaultdict(lambda: defaultdict(int))
    for of_year, period, is_answered, *parts in _asking(by_supervisor(rule), year, standing.as_of).rows():
        measures = Measures(*map(to_fen, parts))
        month = period // 100
        found[of_year, False][month] += measures.direct + measures.commerce
        if is_answered:
            found[of_year, True][month] += counted(measures, rule)
    keys = ((year, False), (year - 1, False), (year, True), (year - 1, True))
    return TwoYears(*(dict(found[key]) for key in keys))


@lru_cache(maxsize=100)
def _asking(supervised: bool, year: int, as_of: datetime.date) -> Written:
    return Written(lambda: _rows(supervised, year, as_of))


def _rows(supervised: bool, year: int, as_of: datetime.date) -> Any:
    listed = YearBase.objects.filter(
        unit=OuterRef("subject"), year=OuterRef("year"), listed=True, status=BaseStatus.CONFIRMED
    )
    away: Any = Q(responsible_key=0)
    if supervised:
        away = Q(Exists(listed), subject__supervisor=None) | away & ~Exists(listed)
    else:
        away |= Exists(listed)
    answered = Case(
        When(Q(subject__kind__in=ANSWERING) & Q(responsible_key__gt=0), then=Value(True)),
        When(away, then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )
    periods = months_up_to(year, as_of) | months_up_to(year - 1, datetime.date(year - 1, 12, 31))
    rows = Tally.objects.filter(periods).values_list("year", "period").annotate(answered=answered)
    return rows.annotate(*map(Sum, PARTS))
