"""A unit price against what others paid for the same product in the same measure."""

import datetime

import pytest

from procurement.choices import Status
from tests.factories import line, make_purchase


def tea(amount: str, quantity: int, **more):
    return line(amount, product="苦荞茶", **({"measure": "千克"} | more), quantity=quantity)


def bought(town, *prices: int) -> None:
    """Approved purchases of two 千克 at these prices."""
    for day, price in enumerate(prices, start=1):
        make_purchase(town, tea(f"{2 * price}.00", 2), date=datetime.date(2021, 3, day))


@pytest.mark.parametrize(
    ("amount", "doubtful"), [("99.99", True), ("100.00", False), ("400.00", False), ("400.01", True)]
)
def test_more_than_twice_or_less_than_half_of_the_usual_is_odd(town, doubts, amount, doubtful):
    bought(town, 10, 15, 20, 60, 70)
    found = doubts(make_purchase(town, tea(amount, 10), status=Status.DRAFT), "odd_price")
    assert bool(found) is doubtful
    assert all("中位数是 20.00 元/千克" in doubt.message and "5 笔" in doubt.message for doubt in found)


def test_four_others_are_too_few(town, doubts):
    bought(town, 20, 20, 20, 20)
    assert not doubts(make_purchase(town, tea("9000.00", 1), status=Status.DRAFT), "odd_price")


def test_another_measure_another_product_or_no_quantity_cannot_be_compared(town, doubts):
    bought(town, 20, 20, 20, 20, 20)
    for other in (
        tea("9000.00", 1, measure="箱"),
        line("9000.00", product="土豆", measure="千克", quantity=1),
        line("9000.00", product="苦荞茶"),
    ):
        assert not doubts(make_purchase(town, other, status=Status.DRAFT), "odd_price")


def test_a_purchase_is_not_measured_by_itself_nor_by_what_is_not_approved(town, doubts):
    bought(town, 20, 20, 20, 20)
    make_purchase(town, tea("40.00", 2), status=Status.SUBMITTED)
    odd = make_purchase(town, tea("9000.00", 1))
    assert not doubts(odd, "odd_price")


def test_a_refund_is_measured_by_its_price_without_the_sign(town, doubts):
    bought(town, 20, 20, 20, 20, 20)
    original = make_purchase(town, tea("40.00", 2))
    refund = make_purchase(town, tea("-20.00", 1), original=original, status=Status.DRAFT)
    assert not doubts(refund, "odd_price")
