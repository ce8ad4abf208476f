"""One import at a time: the second waits, and is planned on what the first has left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

_ADVISORY = 2021_0833
_WRITING: ContextVar[bool] = ContextVar("importing", default=False)


@contextmanager
def alone() -> Iterator[None]:
    """A transaction that no other import runs beside (SQLite writes one by one anyway)."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY])
        before = _WRITING.set(True)
        try:
            yield
        finally:
            _WRITING.reset(before)


def locking(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows, locked until the import that is `alone` ends: a dry run, which may only read, locks nothing."""
    return rows.select_for_update(of=("self",)) if _WRITING.get() else rows
