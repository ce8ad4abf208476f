"""One import at a time: the second waits, and is planned on what the first has left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_ADVISORY = 2021_0833


@contextmanager
def alone() -> Iterator[None]:
    """A transaction that no other import runs beside (SQLite writes one by one anyway)."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY])
        yield
