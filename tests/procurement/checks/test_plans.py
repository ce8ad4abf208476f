"""How the database finds what else was bought, once it knows how its tables are filled."""

import pytest
from django.db import connection

from procurement.checks.known import _alike
from procurement.models import Receipt
from tests.factories import make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps count of the blanks by themselves"
)
def test_receipts_without_file_or_red_invoice_are_not_all_read():
    unit = make_unit("S01")
    Receipt.objects.bulk_create(
        Receipt(unit=unit, kind="invoice", identity=f"-{n}", live=True) for n in range(500)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert "SCAN procurement_receipt" not in _alike(["-7"], ["-"]).explain()
