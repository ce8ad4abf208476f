"""Amounts typed in 元 or 万元 and percentages as people write them are exact, or refused in words."""

from decimal import Decimal

import pytest

from assessment.forms.thresholds import WAN, YUAN, amount_in, in_unit, percent_of

pytestmark = pytest.mark.nodb


@pytest.mark.parametrize(
    ("typed", "unit", "yuan"),
    [
        ("6600", WAN, "66000000.00"),
        ("6,600.5", WAN, "66005000.00"),
        ("６６００", WAN, "66000000.00"),
        ("0.000001", WAN, "0.01"),
        ("500", YUAN, "500.00"),
        ("¥ 500.00 元", YUAN, "500.00"),
        ("6600万元", YUAN, "66000000.00"),
        ("3500 万", YUAN, "35000000.00"),
        ("500元", WAN, "500.00"),
        ("-3", WAN, "-30000.00"),
    ],
)
def test_an_amount_is_read_in_its_unit(typed, unit, yuan):
    assert amount_in(typed, unit) == Decimal(yuan)


@pytest.mark.parametrize(
    ("typed", "unit", "said"),
    [
        ("0.0000001", WAN, "不能精确到分，最多六位小数"),
        ("1.0000000000000000000000000001", WAN, "位数过多"),
        ("0.001", YUAN, "超过两位小数"),
        ("1e999999", WAN, "过大"),
        ("1e99999999999999999999", YUAN, "过大"),
        ("99999999999", WAN, "过大"),
        ("六千六百", WAN, "不是数字"),
        ("万", YUAN, "不是数字"),
        ("NaN", YUAN, "不是数字"),
        ("", WAN, "不是数字"),
    ],
)
def test_an_amount_that_cannot_be_exact_is_refused(typed, unit, said):
    with pytest.raises(ValueError, match=said):
        amount_in(typed, unit)


@pytest.mark.parametrize("unit", [WAN, YUAN])
@pytest.mark.parametrize("yuan", ["0.01", "0.10", "500.00", "66000000.00", "66005000.07"])
def test_what_is_shown_for_typing_reads_back_the_same(unit, yuan):
    assert amount_in(in_unit(Decimal(yuan), unit), unit) == Decimal(yuan)


@pytest.mark.parametrize(
    ("typed", "percent"), [("10", "10"), ("12.5%", "12.50"), ("１２．５％", "12.50"), (" 0 ", "0")]
)
def test_a_percentage_is_read_as_it_is_written(typed, percent):
    assert percent_of(typed) == Decimal(percent)


@pytest.mark.parametrize("typed", ["", "一成", "-1", "100.01", "10.001", "NaN", "Infinity", "1e99", "10%%"])
def test_a_percentage_that_is_none_is_refused(typed):
    with pytest.raises(ValueError, match="应为 0 到 100、最多两位小数的百分比"):
        percent_of(typed)
