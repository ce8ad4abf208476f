"""From a read invoice to lines that add up to its total."""

from decimal import Decimal

import pytest

from procurement.drafting import lines_of, product_name
from procurement.extraction import InvoiceData, Item

pytestmark = pytest.mark.nodb


def invoice(total, *items):
    return InvoiceData(
        total=Decimal(total) if total else None,
        items=tuple(
            Item(name, Decimal(1), "箱", Decimal(amount) if amount else None, Decimal(tax) if tax else None)
            for name, amount, tax in items
        ),
    )


def amounts(data):
    return [line.amount for line in lines_of(data)]


@pytest.mark.parametrize(
    ("text", "name"),
    [("*谷物*大米", "大米"), ("*水果*苹果*5kg", "苹果*5kg"), ("大米", "大米"), ("*谷物*", "*谷物*")],
)
def test_it_leaves_the_category_off_a_product(text, name):
    assert product_name(text) == name


def test_it_adds_the_tax_to_each_row():
    assert amounts(invoice("218.00", ("*茶*苦荞茶", "100.00", "9.00"), ("米", "100.00", "9.00"))) == [
        10900,
        10900,
    ]


def test_it_spreads_a_tax_that_is_not_written_and_keeps_the_total_to_the_fen():
    data = invoice("100.00", ("a", "30.33", None), ("b", "30.33", None), ("c", "30.33", None))
    assert sum(amounts(data)) == 10000 and max(amounts(data)) - min(amounts(data)) <= 1


def test_it_takes_a_discount_off_the_row_before():
    data = invoice("90.00", ("a", "50.00", None), ("a", "-10.00", None), ("b", "50.00", None))
    assert amounts(data) == [4000, 5000]


def test_it_keeps_a_red_invoice_negative():
    assert amounts(invoice("-109.00", ("a", "-100.00", "-9.00"))) == [-10900]


def test_it_makes_one_line_of_rows_that_do_not_lead_to_the_total():
    [line] = lines_of(invoice("500.00", ("a", "10.00", None), ("b", None, None)))
    assert (line.product_name, line.amount) == ("a等2项", 50000)
    assert [line.amount for line in lines_of(invoice("500.00"))] == [50000]


def test_it_makes_no_line_where_nothing_was_read():
    assert lines_of(invoice(None)) == [] == lines_of(invoice("0.00"))
