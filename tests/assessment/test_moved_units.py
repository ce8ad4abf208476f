"""Units that change hands in the middle of a year: each line is answered for by whom its own day says."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest

from assessment import jsonform
from assessment.explain import Explainer
from assessment.standing import YearStanding
from procurement import moves, tallies
from tests.assessment import plain_rules
from tests.assessment.years import REGIONS, RandomYear
from tests.factories import make_policy
from units import bases
from units.models import Unit, YearBase

pytestmark = pytest.mark.django_db
LINKS = ("supervisor", "town", "host", "affiliation")
NEW_YEAR = datetime.date(2021, 1, 1)


def moved(year: RandomYear, pick: random.Random) -> None:
    """Change the links of one unit, in the database and in the plain values: from a day on, or all along."""
    code = pick.choice([code for code in year.units if code[0] in "UG"])
    unit = year.units[code]
    since = pick.choice([None, *[NEW_YEAR + datetime.timedelta(days=pick.randrange(365)) for _ in range(4)]])
    links: dict[str, Any] = {
        "supervisor": pick.choice([None, "D0", "D1", "D2", "D3"]),
        "town": pick.choice([None, "T0", "T1", "T2", "T3"]),
        "affiliation": pick.choice(["", "city", "town"]),
    }
    if unit["kind"] == "union":
        links["host"] = pick.choice([None, *[other for other in year.units if other[0] in "DTU"]])
    before = {name: unit[name] for name in LINKS}
    after = before | links
    history = unit.setdefault("history", [(datetime.date.min, before)])
    if after != before:
        kept = [] if since is None else [each for each in history if each[0] < since]
        unit["history"] = [*kept, (since or datetime.date.min, after)]
        unit |= after
    named = {
        name: Unit.objects.get(code=value) if value and name != "affiliation" else value
        for name, value in links.items()
    }
    moves.change_unit(Unit.objects.get(code=code), by=None, since=since, **named)


def revised(year: RandomYear, pick: random.Random) -> None:
    """A declared base is sent back, declared anew, and confirmed or left waiting: then it counts for nothing."""
    code = pick.choice([code for code in year.bases if year.bases[code]["canteen"] != "shared"])
    base = YearBase.objects.get(unit__code=code, year=2021)
    bases.return_base(base, by=None, reason="金额有误")
    headcount = pick.randrange(1, 90)
    year.bases[code]["headcount"] = headcount
    base.refresh_from_db()
    kept = {
        name: getattr(base, name)
        for name in ("canteen_budget", "holiday_gifts", "target", "assistance_base", "listed", "canteen")
    }
    bases.file_base(
        base.unit, 2021, by=None, headcount=headcount, reserve_percent=base.reserve_percent, **kept
    )
    if pick.random() < 0.7:
        bases.confirm_base(YearBase.objects.get(pk=base.pk), by=None)
    else:
        del year.bases[code]


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_of_every_day_agrees_and_explains_itself(seed: int) -> None:
    make_policy()
    year = RandomYear(7000 + seed, 400)
    year.store()
    pick = random.Random(seed)
    for _ in range(12):
        moved(year, pick)
    for _ in range(4):
        revised(year, pick)
    assert list(tallies.differences()) == []
    units = {unit.pk: unit for unit in Unit.objects.all()}
    for month in range(1, 14):
        as_of = datetime.date(2021 + month // 13, month % 13 or 1, 1)
        standing = YearStanding.read(2021, as_of)
        expected = plain_rules.assess(2021, as_of, year.units, year.bases, year.lines, REGIONS)
        assert jsonform.year(standing) == expected
    explainer = Explainer(standing)
    for row in standing.responsible:
        assert explainer.responsible(units[row.unit.id]).sum_counted == row.attributed
