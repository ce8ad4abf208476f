"""A statement that PostgreSQL is given once a connection, and then only told the values of.

Most of what a verb's questions cost there is planning them anew each time; a statement that is prepared it soon plans no
more. SQLite's driver keeps statements by itself. Not behind a PgBouncer in transaction mode (DATABASE_POOLED), where the
next transaction meets another connection of the database. A name tells its statement, so that who forgets that setting
meets errors, never the answer to another question.

Every place has the type that its value would have if it stood in the statement: left to PostgreSQL, `CASE … THEN $1` is a
text whatever is put there.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DatabaseError, connection

_TYPES = (
    (bool, "boolean"),
    (int, "bigint"),
    (datetime.datetime, "timestamptz"),
    (datetime.date, "date"),
    (Decimal, "numeric"),
    ((str, type(None)), "unknown"),
)
"""In this order: a bool is an int, a datetime a date. As `'…'` and `NULL` do, the last takes its type from what is around."""


class Statement(NamedTuple):
    """`execute` says in a comment what it stands for, so that a slow one is known in the log."""

    name: str
    prepare: str
    execute: str


_STALE = {"0A000", "26000"}
"""What PostgreSQL answers where a table has changed since ("cached plan must not change result type"), or its session
has no such statement."""
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""By connection of the driver: the statements that its session of the database has."""


def run(cursor: Any, sql: str, given: Sequence[Any], about: str) -> None:
    """As `cursor.execute(sql, given)`. `about`: the table, for the statement's name."""
    types = tuple(map(_type, given))
    if connection.vendor != "postgresql" or not settings.PREPARED_STATEMENTS or None in types:
        cursor.execute(sql, given)
        return
    statement, link = _statement(sql, types, about), connection.connection
    known = _known.setdefault(link, set())
    if statement.name not in known:
        with connection.wrap_database_errors, link.cursor() as bare:
            bare.execute(statement.prepare)
        known.add(statement.name)
    try:
        cursor.execute(statement.execute, given)
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", None) not in _STALE:
            raise
        connection.close_at = time.monotonic()  # with this request, and with it all that it has prepared
        if connection.in_atomic_block:
            raise  # the transaction is lost; the next request prepares anew
        cursor.execute(sql, given)


def _type(value: Any) -> str | None:
    return next((name for kind, name in _TYPES if isinstance(value, kind)), None)


@lru_cache(maxsize=1000)
def _statement(sql: str, types: tuple[str, ...], about: str) -> Statement:
    name = f"{about}_{sha256(repr((sql, types)).encode()).hexdigest()[:16]}"
    named = sql % tuple(f"${place}" for place, _ in enumerate(types, start=1)) if types else sql
    places = f"({', '.join(['%s'] * len(types))})" if types else ""
    remark = named.replace("%", "?").replace("*/", "* /")
    of_types = f" ({', '.join(types)})" if types else ""
    return Statement(name, f"PREPARE {name}{of_types} AS {named}", f"EXECUTE {name}{places} /* {remark} */")
