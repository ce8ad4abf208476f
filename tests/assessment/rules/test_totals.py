"""The city's two totals, and who answers for what."""

from __future__ import annotations

import pytest

from assessment.rules import city_total, dept_town_total
from tests.assessment.rules.small import bought, rule, unit, year

DEPARTMENT, TOWN, OTHER = unit(1, "department"), unit(2, "town"), unit(3, "subdistrict")
SHOP = unit(4, "enterprise", supervisor=1)
UNION = unit(5, "union")


def test_the_city_total_is_shown_in_its_four_parts() -> None:
    sums = (
        bought(1, answers=1, direct_east_west=1000, direct_mountain_sea=200, welfare=77),
        bought(4, commerce_east_west=30, commerce_mountain_sea=4, canteen_832=5),
    )
    total = city_total.total(rule("city_total"), year(DEPARTMENT, SHOP, sums=sums))
    assert (total.value, total.direct, total.commerce, total.east_west, total.mountain_sea) == (
        1234,
        1200,
        34,
        1030,
        204,
    )
    assert (total.rule, total.threshold, total.status, total.gap) == (
        "city_total",
        10_000,
        "in_progress",
        8766,
    )
    assert total.clause == "条款 city_total"


@pytest.mark.parametrize(
    ("value", "closed", "status", "gap"),
    [
        (9999, False, "in_progress", 1),
        (9999, True, "not_met", 1),
        (10_000, True, "met", 0),
        (10_001, False, "met", 0),
    ],
)
def test_the_thresholds_are_met_to_the_fen(value, closed, status, gap) -> None:
    facts = year(TOWN, sums=(bought(2, answers=2, direct_east_west=value),), closed=closed)
    for total in (
        city_total.total(rule("city_total"), facts),
        dept_town_total.total(rule("dept_town_total", amount=10_000), facts),
    ):
        assert (total.status, total.gap) == (status, gap)


def test_departments_and_towns_are_given_what_they_answer_for_commerce_aside() -> None:
    sums = (
        bought(2, answers=2, direct_east_west=100, commerce_east_west=999),
        bought(4, answers=2, direct_mountain_sea=20),
        bought(5, subject=4, answers=2, direct_east_west=3),
        bought(4, answers=0, direct_east_west=7),
    )
    facts = year(DEPARTMENT, TOWN, SHOP, UNION, sums=sums)
    assert dept_town_total.attributed(rule("dept_town_total"), facts) == {2: 123}
    total = dept_town_total.total(rule("dept_town_total"), facts)
    assert (total.value, total.rule, total.threshold, total.gap) == (123, "dept_town_total", 5000, 4877)
    assert (total.status, total.clause) == ("in_progress", "条款 dept_town_total")
    including = rule("dept_town_total", parameters={"commerce": "included"})
    assert dept_town_total.attributed(including, facts) == {2: 1122}


def test_nobody_answers_for_a_listed_enterprise_unless_the_policy_says_its_supervisor() -> None:
    sums = (bought(4, answers=2, direct_east_west=50), bought(5, subject=4, answers=2, direct_east_west=8))
    facts = year(DEPARTMENT, TOWN, SHOP, UNION, sums=sums, bases={4: {"listed": True}})
    assert dept_town_total.attributed(rule("dept_town_total"), facts) == {}
    other = rule("dept_town_total", parameters={"listed_enterprise": "supervisor"})
    assert dept_town_total.attributed(other, facts) == {1: 58}


def test_a_department_or_town_on_the_list_still_answers_for_itself() -> None:
    sums = (bought(2, answers=2, direct_east_west=50),)
    facts = year(TOWN, sums=sums, bases={2: {"listed": True}})
    assert dept_town_total.attributed(rule("dept_town_total"), facts) == {2: 50}


def test_equal_completions_share_a_rank_and_no_target_means_no_rank() -> None:
    units = [unit(pk, "town") for pk in range(1, 7)] + [SHOP._replace(id=9)]
    amounts = {1: 300, 2: 200, 3: 100, 4: 50, 5: 5, 6: 5}
    targets = {1: 300, 2: 400, 3: 200, 4: 500, 5: None, 6: 0}
    facts = year(
        *units,
        sums=tuple(bought(pk, answers=pk, direct_east_west=amount) for pk, amount in amounts.items()),
        bases={pk: {"target": target} for pk, target in targets.items()},
    )
    rows = {row.unit.id: row for row in dept_town_total.responsible(rule("dept_town_total"), facts)}
    assert set(rows) == {1, 2, 3, 4, 5, 6}
    assert [rows[pk].rank for pk in range(1, 7)] == [1, 2, 2, 4, None, None]
    assert [rows[pk].completion for pk in range(1, 7)] == [10_000, 5000, 5000, 1000, None, None]
    assert [rows[pk].status for pk in (1, 2, 5, 6)] == ["met", "in_progress", "no_target", "no_target"]
    assert [rows[pk].gap for pk in (1, 2, 4, 5)] == [0, 200, 450, None]
    assert [(rows[pk].attributed, rows[pk].target) for pk in (2, 5, 6)] == [(200, 400), (5, None), (5, 0)]


def test_completion_is_exact_where_the_shown_figures_are_equal() -> None:
    facts = year(
        TOWN,
        OTHER,
        sums=(
            bought(2, answers=2, direct_east_west=1_000_000),
            bought(3, answers=3, direct_east_west=1_000_001),
        ),
        bases={2: {"target": 3_000_000}, 3: {"target": 3_000_000}},
        closed=True,
    )
    first, second = dept_town_total.responsible(rule("dept_town_total"), facts)
    assert first.completion == second.completion == 3333
    assert (first.rank, second.rank) == (2, 1)
    assert first.status == "not_met"


def test_a_town_without_purchases_is_ranked_last_with_nothing() -> None:
    facts = year(TOWN, bases={2: {"target": 10}})
    (row,) = dept_town_total.responsible(rule("dept_town_total"), facts)
    assert (row.attributed, row.completion, row.rank, row.gap) == (0, 0, 1, 10)
