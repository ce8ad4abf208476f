"""试算 and pace: what would be, without storing anything."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from assessment.pace import pace
from assessment.standing import YearStanding
from assessment.whatif import Addition, suppose
from procurement.choices import Channel, Use
from procurement.models import Purchase, Tally
from procurement.terms import TermsBook, with_regions
from tests.factories import line, make_base, make_policy, make_purchase, make_region, make_unit
from units.kinds import Kind

DAY = datetime.date(2021, 6, 30)


@pytest.mark.django_db
def test_an_added_purchase_and_a_changed_base_show_where_a_unit_would_stand() -> None:
    make_policy()
    town = make_unit("T01", Kind.TOWN)
    make_base(town, canteen_budget="1000.00", target="500.00")
    make_purchase(town, line("60.00", use=Use.CANTEEN), channel=Channel.PLATFORM_832)
    before = YearStanding.read(2021, DAY)
    rows = (Purchase.objects.count(), list(Tally.objects.values_list()))
    more = Addition(town, Use.CANTEEN, make_region("布拖县"), Decimal("40.00"), Channel.PLATFORM_832)
    after = suppose(before, [more])
    assert [each.status for each in before.of_unit(town.pk)] == ["in_progress"]
    assert [each.status for each in after.of_unit(town.pk)] == ["met"]
    assert after.responsible[0].attributed == 10000
    assert after.city_total.value == before.city_total.value + 4000
    poorer = suppose(before, bases={town.pk: {"canteen_budget": 60000}})
    assert [(each.status, each.gap) for each in poorer.of_unit(town.pk)] == [("met", 0)]
    assert (Purchase.objects.count(), list(Tally.objects.values_list())) == rows


@pytest.mark.parametrize(
    ("as_of", "done", "expected", "reached"),
    [
        (datetime.date(2021, 1, 10), 100, 3650, datetime.date(2021, 4, 10)),
        (datetime.date(2021, 12, 31), 999, 999, None),
        (datetime.date(2021, 3, 1), 1000, 6083, datetime.date(2021, 3, 1)),
        (datetime.date(2021, 3, 1), 0, 0, None),
        (datetime.date(2022, 5, 1), 400, 400, None),
    ],
)
def test_the_present_pace_says_when_a_thousand_are_reached(as_of, done, expected, reached) -> None:
    assert (pace(2021, as_of, done, 1000).expected, pace(2021, as_of, done, 1000).reached_on) == (
        expected,
        reached,
    )


@pytest.mark.django_db
def test_the_terms_read_with_the_regions_are_those_that_sums_are_posted_by() -> None:
    policy = make_policy(2020)
    newer = make_policy(2021)
    for each in (policy, newer):
        each.terms.refresh_from_db()
    newer.terms.holiday_days = {"spring": "2021-02-11"}
    newer.terms.save()
    newer.terms.pairings.filter(region__name="布拖县").delete()
    for year, source in ((2020, policy), (2021, newer), (2022, newer)):
        terms, regions = with_regions(year, source.terms)
        assert terms == TermsBook().of(year)
        assert {region.name for region in regions} >= {"布拖县", "其他地区"}
