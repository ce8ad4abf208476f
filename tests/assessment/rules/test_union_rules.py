"""工会节日慰问, 工会福利, and the share of 金融机构."""

from __future__ import annotations

import pytest

from assessment.rules import financial_share, union_holiday_share, union_welfare_cap
from tests.assessment.rules.small import bought, rule, unit, year

UNION, BANK, TOWN = unit(1, "union"), unit(2, "financial"), unit(3, "town")


def test_holiday_gifts_are_measured_against_a_fifth_of_what_is_given_out() -> None:
    sums = (bought(1, holiday=300, direct_east_west=900, welfare=400),)
    facts = year(UNION, TOWN, bases={1: {"holiday_gifts": 2000}}, sums=sums)
    (found,) = union_holiday_share.standings(rule("union_holiday_share"), facts)
    assert found[:8] == (UNION, "union_holiday_share", 300, 2000, 1500, 2000, "in_progress", 100)
    assert found.clause == "条款 union_holiday_share"
    (closed,) = union_holiday_share.standings(rule("union_holiday_share"), year(UNION, closed=True))
    assert (closed.status, closed.numerator) == ("missing_base", 0)
    over = year(UNION, bases={1: {"holiday_gifts": 2000}}, sums=sums, closed=True)
    assert union_holiday_share.standings(rule("union_holiday_share"), over)[0].status == "not_met"


@pytest.mark.parametrize(
    ("headcount", "spent", "expected"),
    [
        (None, 0, (None, None, "not_applicable", None)),
        (None, 1, (None, None, "missing_base", None)),
        (None, -1, (None, None, "missing_base", None)),
        (0, 0, (0, None, "within", 0)),
        (0, 1, (0, None, "exceeded", 1)),
        (0, -5, (0, None, "within", 5)),
        (2, 100_000, (100_000, 10_000, "within", 0)),
        (2, 100_001, (100_000, 10_000, "exceeded", 1)),
        (2, 99_999, (100_000, 9999, "within", 1)),
        (2, -1, (100_000, 0, "within", 100_001)),
    ],
)
def test_welfare_is_capped_by_the_head(headcount, spent, expected) -> None:
    facts = year(
        UNION,
        TOWN,
        bases={1: {"headcount": headcount}},
        sums=(bought(1, welfare=spent, holiday=7),),
        closed=True,
    )
    (found,) = union_welfare_cap.standings(rule("union_welfare_cap"), facts)
    assert (found.unit, found.rule, found.numerator) == (UNION, "union_welfare_cap", spent)
    assert (found.denominator, found.ratio, found.status, found.gap) == expected
    assert (found.threshold, found.clause) == (expected[0], "条款 union_welfare_cap")


def test_a_union_that_bought_nothing_is_within_its_cap() -> None:
    (found,) = union_welfare_cap.standings(
        rule("union_welfare_cap"), year(UNION, bases={1: {"headcount": 1}})
    )
    assert (found.numerator, found.status, found.gap) == (0, "within", 50_000)


def test_a_policy_without_an_amount_a_head_gives_no_cap() -> None:
    facts = year(UNION, bases={1: {"headcount": 1}})
    (found,) = union_welfare_cap.standings(rule("union_welfare_cap", amount=None), facts)
    assert (found.denominator, found.status) == (None, "not_applicable")


def test_a_bank_is_reported_until_a_percentage_is_set() -> None:
    sums = (bought(2, direct_east_west=50, direct_mountain_sea=30, commerce_east_west=500),)
    facts = year(BANK, UNION, bases={2: {"assistance_base": 1000}}, sums=sums, closed=True)
    (found,) = financial_share.standings(rule("financial_share"), facts)
    assert found[:9] == (
        BANK,
        "financial_share",
        80,
        1000,
        800,
        None,
        "reported",
        None,
        "条款 financial_share",
    )
    (found,) = financial_share.standings(rule("financial_share", percent=800), facts)
    assert (found.status, found.gap) == ("met", 0)
    (found,) = financial_share.standings(rule("financial_share", percent=801), facts)
    assert (found.status, found.gap) == ("not_met", 1)
    (found,) = financial_share.standings(rule("financial_share"), year(BANK))
    assert (found.status, found.numerator) == ("missing_base", 0)
