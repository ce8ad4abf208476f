"""A supplier on the blacklist on the day of the purchase is pointed out, and nothing is stopped by it."""

import datetime

import pytest

from procurement import workflow
from procurement.checks import Level, Subject, doubts_of
from procurement.choices import Status
from procurement.models import Blacklisting, Supplier
from tests.factories import make_purchase


@pytest.fixture
def listed(town):
    supplier = Supplier.objects.create(name="某公司", uscc="91330282DM35635597")
    return Blacklisting.objects.create(
        supplier=supplier,
        since=datetime.date(2021, 5, 1),
        until=datetime.date(2021, 7, 31),
        reason="以次充好",
        clause="第五部分（三）",
        listed_by="bureau",
    )


def flagged(town, doubts, **given):
    return doubts(make_purchase(town, status=Status.DRAFT, **{"supplier": "某公司", **given}), "blacklisted")


@pytest.mark.parametrize(
    ("day", "found"),
    [("2021-04-30", False), ("2021-05-01", True), ("2021-07-31", True), ("2021-08-01", False)],
)
def test_it_warns_on_the_days_of_the_period_alone(town, listed, doubts, day, found):
    assert bool(flagged(town, doubts, date=day)) is found


def test_it_says_why_and_until_when_and_lets_the_purchase_be_submitted(town, listed, doubts):
    [doubt] = flagged(town, doubts)
    assert doubt.level == Level.WARN and not doubt.needs_answer and doubt.field == "supplier"
    assert "2021-05-01 至 2021-07-31" in doubt.message and "以次充好" in doubt.message
    purchase = workflow.submit(make_purchase(town, supplier="某公司", status=Status.DRAFT), by=None)
    assert workflow.approve(purchase, by=None).status == Status.APPROVED


def test_another_name_of_the_same_credit_code_is_meant_too(town, listed, doubts):
    Supplier.objects.create(name="某公司慈溪分店", uscc=listed.supplier.uscc)
    [doubt] = flagged(town, doubts, supplier="某公司慈溪分店")
    assert "统一社会信用代码同“某公司”" in doubt.message
    assert not flagged(town, doubts, supplier="别的公司")


def test_from_the_day_it_is_lifted_nothing_is_said(town, listed, doubts):
    Blacklisting.objects.update(lifted_on=datetime.date(2021, 6, 1), lifted_reason="已整改")
    assert not flagged(town, doubts, date="2021-06-01")
    assert flagged(town, doubts, date="2021-05-31")


def test_many_purchases_are_looked_through_with_one_query(town, listed, django_assert_num_queries):
    purchases = [make_purchase(town, supplier=name, status=Status.DRAFT) for name in ("某公司", "甲", "乙")]
    subjects = list(Subject.many(purchases))
    assert subjects[0].known.blacklistings
    with django_assert_num_queries(0):  # read already, for all three
        assert [bool(subject.blacklistings) for subject in subjects] == [True, False, False]
    assert all(isinstance(doubts_of(subject), list) for subject in subjects)
