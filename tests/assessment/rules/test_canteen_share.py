from __future__ import annotations

from assessment.rules.canteen_share import standings
from tests.assessment.rules.small import bought, rule, unit, year

TOWN, SCHOOL, SHOP = unit(1, "town"), unit(2, "school"), unit(3, "enterprise")
BUDGET = {"canteen_budget": 1000}


def found(facts, **changes):
    return {each.unit.id: each for each in standings(rule("canteen_share", **changes), facts)}


def test_every_county_of_the_platform_counts_and_the_paired_ones_are_the_second_figure() -> None:
    facts = year(
        TOWN, SHOP, bases={1: BUDGET}, sums=(bought(1, canteen_832=120, canteen_832_paired=80, welfare=9),)
    )
    each = found(facts)
    assert set(each) == {1}, "an enterprise's canteen is not asked"
    assert (each[1].numerator, each[1].second, each[1].status, each[1].ratio) == (120, 80, "met", 1200)
    assert (each[1].rule, each[1].clause, each[1].denominator) == (
        "canteen_share",
        "条款 canteen_share",
        1000,
    )
    only_paired = found(facts, parameters={"counties": "paired"})[1]
    assert (only_paired.numerator, only_paired.second, only_paired.status) == (80, 80, "in_progress")
    assert found(facts, parameters={"counties": "is_832"})[1].numerator == 120


def test_a_unit_that_bought_nothing_stands_at_zero() -> None:
    each = found(year(TOWN, bases={1: BUDGET}))[1]
    assert (each.numerator, each.ratio, each.gap, each.second) == (0, 0, 100, 0)


def test_without_a_canteen_the_rule_does_not_apply_though_purchases_are_shown() -> None:
    facts = year(
        TOWN, bases={1: BUDGET | {"canteen": "none"}}, sums=(bought(1, canteen_832=60, canteen_832_paired=5),)
    )
    assert found(facts)[1] == (
        TOWN, "canteen_share", 60, None, None, None, "not_applicable", None, "条款 canteen_share", 5,
    )  # fmt: skip


def test_a_shared_canteens_purchases_count_for_its_representative() -> None:
    facts = year(
        TOWN,
        SCHOOL,
        bases={1: BUDGET, 2: BUDGET | {"canteen": "shared", "canteen_representative": 1}},
        sums=(
            bought(1, canteen_832=10, canteen_832_paired=4),
            bought(2, canteen_832=95, canteen_832_paired=30),
        ),
    )
    each = found(facts)
    assert (each[1].numerator, each[1].second, each[1].status) == (105, 34, "met")
    assert (each[2].numerator, each[2].second, each[2].status, each[2].denominator) == (
        0,
        0,
        "not_applicable",
        None,
    )


def test_a_shared_canteen_that_names_no_representative_counts_for_nobody() -> None:
    facts = year(
        TOWN,
        SCHOOL,
        bases={1: BUDGET, 2: BUDGET | {"canteen": "shared"}},
        sums=(bought(1, canteen_832=10), bought(2, canteen_832=95)),
    )
    assert {unit: (each.numerator, each.status) for unit, each in found(facts).items()} == {
        1: (10, "in_progress"),
        2: (0, "not_applicable"),
    }


def test_a_contracted_canteen_is_like_an_own_one() -> None:
    for canteen in ("", "own", "contracted"):
        facts = year(TOWN, bases={1: BUDGET | {"canteen": canteen}}, sums=(bought(1, canteen_832=100),))
        assert found(facts)[1].status == "met"


def test_an_approved_reserve_replaces_the_percentage_also_where_it_is_nought() -> None:
    sums = (bought(1, canteen_832=100),)
    for reserve, status, gap in ((1550, "in_progress", 55), (0, "met", 0), (None, "met", 0)):
        facts = year(TOWN, bases={1: BUDGET | {"reserve": reserve}}, sums=sums)
        assert (found(facts)[1].status, found(facts)[1].gap) == (status, gap)
        assert found(facts)[1].threshold == (1000 if reserve is None else reserve)


def test_a_closed_year_gives_its_verdict_and_a_missing_budget_none() -> None:
    assert found(year(TOWN, bases={1: BUDGET}, closed=True))[1].status == "not_met"
    assert found(year(TOWN, closed=True))[1].status == "missing_base"
