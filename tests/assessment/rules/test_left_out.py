"""Why each rule leaves a line out: the first reason that applies, none where it counts the line."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from assessment.lines import Line
from assessment.rules import LEFT_OUT, canteen_share
from procurement.terms import Terms
from tests.assessment.rules.small import rule, unit, year

PAIRED, ELSEWHERE = 7, 8
TERMS = Terms(2021, {PAIRED: "east_west"}, holidays=frozenset({"spring"}))
OFFICE, SHOP = unit(1, "department"), unit(4, "enterprise", supervisor=1)
GOOD: dict[str, dict[str, Any]] = {
    "city_total": {"use": "personal"},
    "dept_town_total": {"use": "office"},
    "canteen_share": {"use": "canteen", "channel": "platform_832", "is_832": True},
    "union_holiday_share": {"use": "union_holiday", "holiday": "spring"},
    "union_welfare_cap": {"use": "union_welfare"},
    "financial_share": {"use": "raw_material"},
}
"""By rule, a line from the paired region that it counts."""


def a_line(**changes: Any) -> Line:
    values = dict.fromkeys(Line._fields, "") | {
        "date": datetime.date(2021, 6, 1),
        "unit": 1,
        "region": PAIRED,
        "is_832": False,
        "amount": 100,
        "overlap": 0,
        "subject": 1,
        "responsible": 1,
    }
    return Line(**(values | changes))


def reason(kind: str, line: Line, *, listed: bool = False, **parameters: str) -> str | None:
    facts = year(OFFICE, SHOP, bases={4: {"listed": listed}})
    return LEFT_OUT[kind](line, rule(kind, parameters=parameters), facts, TERMS)


@pytest.mark.parametrize("kind", list(GOOD))
def test_a_line_of_the_rules_own_sort_is_counted(kind) -> None:
    assert reason(kind, a_line(**GOOD[kind])) is None


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("city_total", {"region": ELSEWHERE}, "region_not_paired"),
        ("city_total", {"region": None}, "region_not_paired"),
        ("dept_town_total", {"use": "commerce", "region": ELSEWHERE}, "wrong_use"),
        ("dept_town_total", {"region": ELSEWHERE, "responsible": None}, "region_not_paired"),
        ("dept_town_total", {"responsible": None}, "unattributed"),
        ("canteen_share", {"use": "office", "channel": "direct"}, "wrong_use"),
        ("canteen_share", {"channel": "direct", "is_832": False}, "wrong_channel"),
        ("canteen_share", {"is_832": False, "region": ELSEWHERE}, "region_not_832"),
        ("canteen_share", {"region": ELSEWHERE}, None),
        ("union_holiday_share", {"use": "union_welfare", "region": ELSEWHERE}, "wrong_use"),
        ("union_holiday_share", {"region": ELSEWHERE, "holiday": ""}, "region_not_paired"),
        ("union_holiday_share", {"holiday": ""}, "no_holiday"),
        ("union_holiday_share", {"holiday": "lantern"}, "no_holiday"),
        ("union_welfare_cap", {"use": "union_holiday"}, "wrong_use"),
        ("union_welfare_cap", {"region": ELSEWHERE}, None),
        ("financial_share", {"use": "commerce", "region": ELSEWHERE}, "wrong_use"),
        ("financial_share", {"region": ELSEWHERE}, "region_not_paired"),
    ],
)
def test_the_first_reason_that_applies_is_given(kind, changes, said) -> None:
    assert reason(kind, a_line(**GOOD[kind] | changes)) == said


def test_what_the_years_policy_sets_decides() -> None:
    commerce = a_line(use="commerce")
    assert reason("dept_town_total", commerce, commerce="included") is None
    assert reason("dept_town_total", commerce, commerce="excluded") == "wrong_use"
    abroad = a_line(**GOOD["canteen_share"] | {"region": ELSEWHERE})
    assert reason("canteen_share", abroad, counties="paired") == "region_not_paired"
    assert reason("canteen_share", abroad, counties="is_832") is None
    bought = a_line(use="office", unit=4, subject=4, responsible=1)
    assert reason("dept_town_total", bought) is None
    assert reason("dept_town_total", bought, listed=True) == "listed_enterprise"
    assert reason("dept_town_total", bought, listed=True, listed_enterprise="supervisor") is None


def test_the_guests_of_a_canteen_are_the_units_of_the_rules_kinds_that_name_it() -> None:
    facts = year(
        *(
            unit(pk, kind)
            for pk, kind in ((1, "town"), (2, "school"), (3, "school"), (4, "soe"), (5, "school"))
        ),
        bases={
            1: {"canteen": "own"},
            2: {"canteen": "shared", "canteen_representative": 1},
            3: {"canteen": "shared", "canteen_representative": 2},
            4: {"canteen": "shared", "canteen_representative": 1},
            5: {"canteen": "own", "canteen_representative": 1},
        },
    )
    assert canteen_share.guests(1, rule("canteen_share"), facts) == [2]
