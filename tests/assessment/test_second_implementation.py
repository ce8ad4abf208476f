"""The product's standings against a second implementation that shares no code with it."""

from __future__ import annotations

import datetime
import random

import pytest

from assessment import jsonform
from assessment.explain import Explainer
from assessment.near import NearStanding
from assessment.standing import YearStanding
from procurement import tallies
from tests.amount import in_part
from tests.assessment import plain_rules
from tests.assessment.years import REGIONS, RandomYear
from tests.factories import make_policy
from units.models import Unit

pytestmark = pytest.mark.django_db
YEARS = in_part("random years against a second implementation", 20, 100)
DATES = [datetime.date(2020, 12, 31), datetime.date(2021, 12, 31), datetime.date(2022, 1, 1)]


def compare(year: RandomYear, as_of: datetime.date) -> YearStanding:
    standing = YearStanding.read(2021, as_of)
    expected = plain_rules.assess(2021, as_of, year.units, year.bases, year.lines, REGIONS)
    assert jsonform.year(standing) == expected
    return standing


@pytest.mark.nodb
@pytest.mark.parametrize("block", range(YEARS // 5))
def test_random_years_of_two_thousand_lines_agree(block: int) -> None:
    make_policy()
    for seed in range(block * 5, block * 5 + 5):
        year = RandomYear(seed, 2000)
        year.store()
        pick = random.Random(seed)
        days = [datetime.date(2021, 1, 1) + datetime.timedelta(days=pick.randrange(365)) for _ in range(2)]
        for as_of in [*days, *DATES]:
            compare(year, as_of)


def test_a_random_year_agrees_on_every_day_and_explains_itself() -> None:
    make_policy()
    year = RandomYear(1000, 400)
    year.store()
    assert list(tallies.differences()) == []
    units = {unit.pk: unit for unit in Unit.objects.all()}
    for day in range(0, 375, 11):
        standing = compare(year, datetime.date(2020, 12, 28) + datetime.timedelta(days=day))
        explainer = Explainer(standing)
        assert explainer.city("city_total").sum_counted == standing.city_total.value
        assert explainer.city("dept_town_total").sum_counted == standing.dept_town_total.value
    for each in standing.units:
        found = explainer.unit(each.rule, units[each.unit.id])
        assert found.sum_counted == each.numerator, (each.unit.code, each.rule)
    for row in standing.responsible:
        assert explainer.responsible(units[row.unit.id]).sum_counted == row.attributed


@pytest.mark.parametrize("listed", ["none", "supervisor"])
def test_a_unit_read_by_itself_stands_as_it_does_in_the_whole_year(listed: str) -> None:
    """As on 我的单位: shared canteens, ranks and listed enterprises come with it."""
    policy = make_policy()
    policy.rules.filter(kind="dept_town_total").update(parameters={"listed_enterprise": listed})
    RandomYear(1001, 400).store()
    units = list(Unit.objects.all())
    for as_of in (datetime.date(2021, 9, 30), datetime.date(2022, 1, 1)):
        whole = YearStanding.read(2021, as_of)
        for unit in units:
            alone = NearStanding.read(2021, [unit], as_of)
            assert alone.of_unit(unit.pk) == whole.of_unit(unit.pk), unit
            assert alone.responsible_of(unit.pk) == whole.responsible_of(unit.pk), unit
