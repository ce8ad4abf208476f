"""工会福利 against 500 元 a head and year."""

import pytest

from procurement.choices import Status, Use
from tests.factories import line, make_base, make_purchase, make_unit
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
