"""工会福利 against what the year's policy allows a head and year: 500 元 in 2021."""

from decimal import Decimal

import pytest

from assessment import policy_drafts
from assessment.models import Policy, RuleKind
from procurement.choices import Status, Use
from tests.factories import line, make_base, make_policy, make_purchase, make_unit
from units.kinds import Kind


@pytest.fixture
def union(town):
    return make_unit("U01", Kind.UNION, "临江镇机关工会", host=town)


def welfare(union, amount: str, **more):
    return make_purchase(union, line(amount, Use.UNION_WELFARE), **more)


def test_it_warns_when_the_limit_is_near_or_passed(union, doubts):
    make_base(union, headcount=10)
    assert not doubts(welfare(union, "1000.00", status=Status.DRAFT, date="2021-03-01"), "welfare_limit")
    welfare(union, "4000.00", date="2021-04-01")
    [near] = doubts(welfare(union, "800.00", status=Status.DRAFT, date="2021-05-01"), "welfare_limit")
    assert "离限额还有 200.00 元" in near.message
    [over] = doubts(welfare(union, "1000.01", status=Status.DRAFT, date="2021-06-01"), "welfare_limit")
    assert "超出限额 0.01 元" in over.message


def test_an_approved_purchase_is_not_added_to_itself(union, doubts):
    make_base(union, headcount=10)
    [doubt] = doubts(welfare(union, "4900.00"), "welfare_limit")
    assert "全年工会福利 4,900.00 元" in doubt.message


def test_it_asks_for_the_headcount(union, doubts):
    [doubt] = doubts(welfare(union, "10.00", status=Status.DRAFT), "welfare_limit")
    assert "未填报人数" in doubt.message


def test_what_was_spent_in_another_year_is_not_added(union, doubts):
    make_base(union, headcount=10)
    welfare(union, "4000.00", date="2022-04-01")
    assert not doubts(welfare(union, "1000.00", status=Status.DRAFT), "welfare_limit")


def test_the_limit_is_that_of_the_years_policy(union, doubts):
    make_policy(2022, union_welfare_cap={"amount": Decimal("800.00")})
    make_base(union, 2022, headcount=1)
    spent = welfare(union, "700.00", status=Status.DRAFT, date="2022-04-01")
    assert not doubts(spent, "welfare_limit")
    spent = welfare(union, "800.01", status=Status.DRAFT, date="2022-04-01")
    assert "1 人 × 800 元" in doubts(spent, "welfare_limit")[0].message


def test_a_policy_without_that_rule_sets_no_limit_and_a_changed_one_another(union, doubts):
    policy = policy_drafts.copy_policy(Policy.objects.get(year=2021), 2022, by=None)
    make_base(union, 2022, headcount=1)
    spent = welfare(union, "600.00", status=Status.DRAFT, date="2022-04-01")
    rule = policy.rules.get(kind=RuleKind.UNION_WELFARE_CAP)
    for change, expected in (
        (lambda: policy_drafts.edit_rule(rule, by=None, amount=Decimal("300.00")), "1 人 × 300 元"),
        (lambda: policy_drafts.remove_rule(rule, by=None), ""),
    ):
        change()
        policy.terms.refresh_from_db()
        policy.terms.in_force = True
        policy.terms.save()
        found = doubts(spent, "welfare_limit")
        assert (expected in found[0].message) if expected else not found
