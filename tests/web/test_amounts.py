"""Amounts on pages are exact, and never shown as more than they are."""

from decimal import Decimal

import pytest

from cixi_xiezuo.templatetags import amounts

pytestmark = pytest.mark.nodb


@pytest.mark.parametrize(
    ("filter_", "value", "shown"),
    [
        (amounts.yuan, Decimal("1234.5"), "1,234.50"),
        (amounts.yuan, None, "—"),
        (amounts.fen, -123450, "-1,234.50"),
        (amounts.fen, 0, "0.00"),
        (amounts.wan, Decimal("12345699.99"), "1,234.56"),
        (amounts.wan, Decimal("-0.01"), "0.00"),
        (amounts.fen_wan, 10**15, "1,000,000,000.00"),
        (amounts.percent, 999, "9.99%"),
        (amounts.percent, -5, "-0.05%"),
        (amounts.percent, "", "—"),
        (amounts.hundredths, 1000, "10%"),
        (amounts.hundredths, 1250, "12.5%"),
        (amounts.plain, Decimal("500.000000"), "500"),
    ],
)
def test_it_shows_values_as_people_write_them(filter_, value, shown):
    assert filter_(value) == shown
