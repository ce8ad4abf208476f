"""Dates, regions, channels and holidays against the year's policy."""

import datetime

import pytest
from django.utils import timezone

from procurement.checks import Level
from procurement.choices import Channel, Holiday, Status, Use
from procurement.holidays import FIRST, LAST, day_of, days_from
from procurement.models import YearTerms
from tests.factories import line, make_purchase


def test_it_blocks_a_day_to_come(town, doubts):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    [doubt] = doubts(make_purchase(town, status=Status.DRAFT, date=tomorrow), "future_date")
    assert doubt.level == Level.BLOCK
    assert not doubts(make_purchase(town, status=Status.DRAFT, date=timezone.localdate()), "future_date")


def test_it_warns_of_a_year_before_any_policy(town, doubts):
    old = make_purchase(town, status=Status.DRAFT, date="2020-07-23")
    [doubt] = doubts(old, "no_terms")
    assert doubt.level == Level.WARN and "2020" in doubt.message
    assert not doubts(old, "unpaired_region")
    assert not doubts(make_purchase(town, status=Status.DRAFT, date="2022-01-05"), "no_terms")


def test_it_warns_of_an_unpaired_region(town, doubts):
    purchase = make_purchase(town, line(), line(region="其他地区"), status=Status.DRAFT)
    [doubt] = doubts(purchase, "unpaired_region")
    assert (doubt.line, doubt.level) == (2, Level.WARN)


def test_any_832_county_is_right_for_a_canteen_on_the_platform(town, doubts):
    bought = line(use=Use.CANTEEN, region="其他832脱贫县")
    purchase = make_purchase(town, bought, channel=Channel.PLATFORM_832, status=Status.DRAFT)
    assert not doubts(purchase, "unpaired_region") and not doubts(purchase, "channel_region")


def test_it_warns_of_goods_the_832_platform_does_not_sell(town, doubts):
    purchase = make_purchase(
        town, line(), line(region="常山县"), channel=Channel.PLATFORM_832, status=Status.DRAFT
    )
    [doubt] = doubts(purchase, "channel_region")
    assert doubt.line == 2 and "常山县" in doubt.message


@pytest.mark.parametrize(
    ("holiday", "date", "doubtful"),
    [
        (Holiday.MID_AUTUMN, "2021-09-10", False),
        (Holiday.MID_AUTUMN, "2021-08-07", False),
        (Holiday.MID_AUTUMN, "2021-08-06", True),
        (Holiday.NEW_YEAR, "2021-12-20", False),
        (Holiday.MID_AUTUMN, "2021-09-21", False),
        (Holiday.MID_AUTUMN, "2021-09-22", True),
        (Holiday.SPRING, "2021-05-01", True),
    ],
)
def test_it_warns_of_a_holiday_far_from_the_day(town, doubts, holiday, date, doubtful):
    gift = line(use=Use.UNION_HOLIDAY, holiday=holiday)
    found = doubts(make_purchase(town, gift, date=date, status=Status.DRAFT), "far_holiday")
    assert bool(found) is doubtful


def test_every_holiday_has_a_day_in_every_year_of_the_table():
    months = {Holiday.SPRING: (1, 2), Holiday.DRAGON_BOAT: (5, 6), Holiday.MID_AUTUMN: (9, 10)}
    for year in range(FIRST, LAST + 1):
        for holiday in Holiday:
            day = day_of(holiday, year)
            assert day is not None and day.month in months.get(holiday, (day.month,))
        spring, autumn = day_of(Holiday.SPRING, year), day_of(Holiday.MID_AUTUMN, year)
        assert (
            220 <= (autumn - spring).days <= 253
        )  # seven months and a half, eight and a half in a leap year
    assert days_from(Holiday.SPRING, datetime.date(2040, 2, 1)) is None


def test_a_day_that_the_years_policy_sets_goes_before_the_calendars(town, doubts):
    gift = line(use=Use.UNION_HOLIDAY, holiday=Holiday.SPRING)
    purchase = make_purchase(town, gift, date="2021-05-01", status=Status.DRAFT)
    assert doubts(purchase, "far_holiday")
    YearTerms.objects.filter(year=2021).update(holiday_days={"spring": "2021-06-01"})
    assert not doubts(purchase, "far_holiday")
    assert days_from(Holiday.SPRING, datetime.date(2050, 1, 20)) is None
    set_day = {"spring": datetime.date(2050, 1, 23)}
    assert days_from(Holiday.SPRING, datetime.date(2050, 1, 20), set_day) == -3
