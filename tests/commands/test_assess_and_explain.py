"""`assess` and `explain`: JSON alone on standard output, a table for people without --json."""

from __future__ import annotations

import json

import pytest

from procurement.choices import Status, Use
from tests.factories import line, make_base, make_policy, make_purchase, make_unit
from units.kinds import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def year() -> None:
    make_policy()
    town = make_unit("T01", Kind.TOWN, "观海卫镇")
    union = make_unit("G01", Kind.UNION, "镇工会", host=town)
    make_base(town, target="1000.00")
    make_base(union, headcount=2, holiday_gifts="1000.00")
    make_purchase(union, line("150.00", Use.UNION_HOLIDAY, holiday="spring"), number="A1", date="2021-02-01")
    make_purchase(union, line("50.00", Use.UNION_HOLIDAY, "其他地区", holiday="spring"), number="A2")
    make_purchase(
        union, line("60.00", Use.UNION_HOLIDAY, holiday="spring"), number="A3", status=Status.SUBMITTED
    )


@pytest.mark.parametrize("day", ["2021-06-30", "2021/6/30", "2021年6月30日", "２０２１-06-30"])
def test_a_date_may_be_written_in_each_form(day: str, run) -> None:
    outcome = run("assess", "2021", "--as-of", day, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(outcome.out)["as_of"] == "2021-06-30"


def test_assess_shows_people_a_table(run) -> None:
    outcome = run("assess", "2021", "--as-of", "2021-12-31")
    assert (outcome.code, outcome.err) == (0, "")
    assert "观海卫镇" in outcome.out
    assert "0.1500" in outcome.out
    assert "进行中" in outcome.out


def test_a_year_without_its_own_policy_is_noticed_on_standard_error(run) -> None:
    outcome = run("assess", "2022", "--json")
    assert outcome.code == 0
    assert json.loads(outcome.out)["year"] == 2022
    assert "按 2021 年度政策" in outcome.err


def test_explain_lists_what_counts_and_what_does_not(run) -> None:
    outcome = run("explain", "2021", "union_holiday_share", "G01", "--as-of", "2021-12-31", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(outcome.out) == {
        "figure": "150.00",
        "counted": [{"purchase": "A1", "line": 1, "amount": "150.00"}],
        "excluded": [
            {"purchase": "A2", "line": 1, "amount": "50.00", "reason": "region_not_paired"},
            {"purchase": "A3", "line": 1, "amount": "60.00", "reason": "not_approved"},
        ],
    }


@pytest.mark.parametrize("rule", ["city_total", "dept_town_total"])
def test_a_city_rule_is_explained_without_a_unit(rule: str, run) -> None:
    outcome = run("explain", "2021", rule, "--json")
    assert json.loads(outcome.out)["figure"] == "150.00"


def test_explain_tells_people_the_reason_in_a_sentence(run) -> None:
    outcome = run("explain", "2021", "union_holiday_share", "G01")
    assert "产地其他地区不在当年结对范围内" in outcome.out
    assert "尚未核准" in outcome.out
