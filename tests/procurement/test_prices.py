"""产品比价: one product across suppliers, by measure, within what a person may see."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cixi_xiezuo.money import unit_price
from cixi_xiezuo.templatetags.amounts import shown_unit_price
from procurement import workflow
from procurement.choices import Status
from procurement.prices import compare, priced, products
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role


@pytest.fixture
def clerk(db):
    make_policy()
    return make_user("clerk", Role.CLERK, make_unit("T01", Kind.TOWN, "临江镇"))


def buy(unit, supplier, *sold, measure="斤", **given):
    lines = [line(amount, quantity=Decimal(quantity), measure=measure) for amount, quantity in sold]
    return make_purchase(unit, *lines, supplier=supplier, **given)


def town(user):
    return user.memberships.get().unit


def test_least_median_and_most_by_supplier_the_cheapest_first(clerk):
    buy(town(clerk), "甲", ("10.00", "1"), ("30.00", "1"), ("20.00", "1"))
    buy(town(clerk), "乙", ("10.00", "3"))
    buy(town(clerk), "乙", ("99.00", "1"), measure="箱")
    found = compare(priced(clerk), "苦荞茶")
    assert [(each.measure, each.lines) for each in found.overall] == [("斤", 4), ("箱", 1)]
    assert found.overall[0].median == 1500
    assert [(row.price.supplier, row.price.measure) for row in found.rows] == [
        ("乙", "斤"),
        ("甲", "斤"),
        ("乙", "箱"),
    ]
    assert found.rows[0].price.median == Fraction(1000, 3) and found.rows[0].above == -77
    first = found.rows[1].price
    assert (first.least, first.median, first.most) == (1000, 2000, 3000) and found.rows[1].above == 33


def test_what_is_not_approved_or_taken_back_or_has_no_quantity_is_left_out(clerk):
    unit = town(clerk)
    kept = buy(unit, "甲", ("10.00", "1"))
    buy(unit, "乙", ("20.00", "1"), status=Status.SUBMITTED)
    make_purchase(unit, line("5.00"), supplier="丙")
    make_purchase(unit, line("-1.00", quantity=Decimal(-1), measure="斤"), original=kept, supplier="甲")
    assert [row.price.supplier for row in compare(priced(clerk), "苦荞茶").rows] == ["甲"]
    gone = buy(unit, "丁", ("20.00", "1"))
    workflow.revoke(gone, by=None, reason="登记有误")
    assert [row.price.supplier for row in compare(priced(clerk), "苦荞茶").rows] == ["甲"]


def test_nobody_compares_what_others_bought(client, clerk):
    buy(make_unit("T02", Kind.TOWN, "远山镇"), "机密公司", ("10.00", "1"))
    buy(town(clerk), "甲", ("10.00", "1"))
    client.force_login(clerk)
    page = client.get("/prices/?product=苦荞茶").content.decode()
    assert "甲" in page and "机密公司" not in page
    response = client.post("/exports/prices/?product=苦荞茶", {"format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "甲" in text and "机密公司" not in text
    assert [each["suppliers"] for each in products(clerk)] == [1]


def test_a_part_of_a_name_finds_products_and_the_filters_narrow(client, clerk, django_assert_max_num_queries):
    for number in range(60):
        buy(town(clerk), f"供应商{number:02}", ("10.00", "1"), date=datetime.date(2021, 6, 1 + number % 28))
    purchase = buy(town(clerk), "最后", ("10.00", "1"), date="2021-12-01")
    client.force_login(clerk)
    client.get("/prices/")
    assert "苦荞茶" in client.get("/prices/?product=荞").content.decode()
    with django_assert_max_num_queries(10):
        page = client.get("/prices/?product=苦荞茶").content.decode()
    assert "共 61 条，第 1 / 2 页" in page
    page = client.get("/prices/?product=苦荞茶&since=2021-11-01").content.decode()
    assert "最后" in page and "供应商00" not in page
    page = client.get("/prices/?product=苦荞茶&since=2022-01-01").content.decode()
    assert "供应商00" not in page and "苦荞茶" in page
    assert "/prices/?product=" in client.get(f"/purchases/{purchase.pk}/").content.decode()


@pytest.mark.nodb
@given(st.fractions(min_value=0, max_value=10**9))
def test_a_shown_price_is_within_half_of_its_last_place(fen):
    assert abs(Fraction(unit_price(fen)) * 100 - fen) <= Fraction(1, 200)


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("fen", "text"),
    [(Fraction(123450), "1,234.50"), (Fraction(13, 4), "0.0325"), (Fraction(1000, 3), "3.3333")],
)
def test_a_price_shows_two_places_and_more_only_where_there_are(fen, text):
    assert shown_unit_price(fen) == text
