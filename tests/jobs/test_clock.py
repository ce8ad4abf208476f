"""What the clock sets off in the core."""

from __future__ import annotations

import pytest
from django.db import connection

from cixi_xiezuo import tasks
from tests.factories import make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.nodb
def test_sqlite_learns_every_night_how_its_tables_are_filled(settings):
    """Without it a year's latest purchases are looked for among all that are approved."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL does so by itself")
    scheduled = settings.CELERY_BEAT_SCHEDULE["how tables are filled"]
    assert scheduled["task"] == tasks.know_tables.name and scheduled["schedule"].hour == {3}
    make_unit("S01")
    tasks.know_tables.run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'units_unit' LIMIT 1")
        assert cursor.fetchone()[0].startswith("1 ")
