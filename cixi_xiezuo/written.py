"""Queries that Django writes once a process: the SQL is kept, the values are given each time it is asked.

Building a query costs Django several times what SQLite needs to answer it; a verb that must be quick asks this way.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Value = int | datetime.date
Kept = tuple[str, list[tuple[int | None, Any]], Any]
"""The SQL, for each parameter the place of its value (None: it is always the same), and Django's compiler."""


class Written:
    """`build` makes a `values_list` query from some values: ids, years or days, never None.

    It may depend on nothing else, and on the values by their use as parameters alone.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._kept: dict[str, Kept | None] = {}

    def rows(self, *values: Value) -> list[tuple[Any, ...]]:
        """The rows, converted as Django converts them. One query, or none where no row could be found."""
        if connection.vendor not in self._kept:
            self._kept[connection.vendor] = self._write(values)
        kept = self._kept[connection.vendor]
        if kept is None:
            return []
        sql, parameters, compiler = kept
        with connection.cursor() as cursor:
            cursor.execute(
                sql, [given if place is None else _as(values[place], given) for place, given in parameters]
            )
            found = cursor.fetchall()
        return list(compiler.results_iter([found], tuple_expected=True))

    def _write(self, values: tuple[Value, ...]) -> Kept | None:
        marks = [_mark(value, place) for place, value in enumerate(values)]
        texts = {str(mark): place for place, mark in enumerate(marks)}
        compiler = self._build(*marks).query.get_compiler(connection=connection)
        try:
            sql, given = compiler.as_sql()
        except EmptyResultSet:
            return None
        return sql, [(texts.get(str(each)), each) for each in given], compiler


def _mark(value: Value, place: int) -> Value:
    """A value that no query has of itself, to find where this one goes."""
    return datetime.date(1, 1, place + 1) if isinstance(value, datetime.date) else -8320 - place


def _as(value: Value, given: Any) -> Any:
    """A value in the form that the database took the mark in."""
    return value if isinstance(given, type(value)) else str(value)
