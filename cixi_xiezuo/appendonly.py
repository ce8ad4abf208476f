"""Tables whose rows are never changed or deleted: the database itself refuses, whoever asks.

    operations = [protection("audit_event")]   # in a migration, after the table is made

Who owns the database can still take the triggers away; what they change then is found by the hash chain
(`manage.py verify`, which also says when the triggers are gone).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, migrations

SAID = "append-only: rows of this table are never changed or deleted"
POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{SAID}'; END $$
"""


def _triggers(table: str, vendor: str) -> dict[str, str]:
    """Name → the statement that makes it."""
    if vendor == "postgresql":
        run = "EXECUTE FUNCTION append_only()"
        return {
            f"{table}_rows_stay": (
                f"CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {run}"
            ),
            f"{table}_stays": (
                f"CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}"
            ),
        }
    return {
        f"{table}_no_{change.lower()}": (
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
        for change in ("UPDATE", "DELETE")
    }


def protect(table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for name, statement in _triggers(table, connection.vendor).items():
            cursor.execute(_drop(table, name))
            cursor.execute(statement)


def unprotect(table: str) -> None:
    with connection.cursor() as cursor:
        for name in _triggers(table, connection.vendor):
            cursor.execute(_drop(table, name))


def _drop(table: str, name: str) -> str:
    return f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if connection.vendor == "postgresql" else "")


def protection(table: str) -> migrations.RunPython:
    """The migration's operation."""

    def forward(apps: Any, schema_editor: Any) -> None:
        protect(table)

    def backward(apps: Any, schema_editor: Any) -> None:
        unprotect(table)

    return migrations.RunPython(forward, backward)


def unprotected(*tables: str) -> Iterator[str]:
    """One Chinese sentence for each of the tables that has lost its protection."""
    catalogue = "pg_trigger" if connection.vendor == "postgresql" else "sqlite_master"
    column = "tgname" if connection.vendor == "postgresql" else "name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {catalogue}")  # noqa: S608 - two fixed texts
        there = {name for (name,) in cursor.fetchall()}
    for table in tables:
        if not _triggers(table, connection.vendor).keys() <= there:
            yield f"数据表 {table} 的防改触发器不在了，请查明何人何时去除后重新建立"


@contextmanager
def lifted(*tables: str) -> Iterator[None]:
    """For tests, which empty all tables, and for tampering with them on purpose."""
    for table in tables:
        unprotect(table)
    try:
        yield
    finally:
        for table in tables:
            protect(table)
