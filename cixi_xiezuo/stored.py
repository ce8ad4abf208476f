"""One row stored without asking Django anew how: the same values into the same columns, by SQL kept a process.

For models without signals, parents or many databases; a verb that must be quick stores this way.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Field, Model

Fields = tuple["Field[Any, Any]", ...]


def insert(row: Model) -> None:
    """As `row.save(force_insert=True)` of a model whose key the database gives."""
    fields, statement = _insert(type(row))
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(row, fields, adding=True))
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias


def update(row: Model, names: tuple[str, ...]) -> None:
    """As `row.save(update_fields=names)`."""
    fields, statement = _update(type(row), names)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*_values(row, fields, adding=False), row.pk])
        if not cursor.rowcount:
            raise DatabaseError("Save with update_fields did not affect any rows.")


def _values(row: Model, fields: Fields, *, adding: bool) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, adding), connection) for field in fields]


@lru_cache(maxsize=100)
def _insert(model: type[Model]) -> tuple[Fields, str]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    columns, places = ", ".join(map(_column, fields)), ", ".join(["%s"] * len(fields))
    key = _column(model._meta.pk)
    return fields, f"INSERT INTO {_table(model)} ({columns}) VALUES ({places}) RETURNING {key}"  # noqa: S608


@lru_cache(maxsize=100)
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[Fields, str]:
    fields: Any = tuple(model._meta.get_field(name) for name in names)
    changes = ", ".join(f"{_column(field)} = %s" for field in fields)
    return fields, f"UPDATE {_table(model)} SET {changes} WHERE {_column(model._meta.pk)} = %s"  # noqa: S608


def _column(field: Any) -> str:
    return connection.ops.quote_name(field.column)


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
