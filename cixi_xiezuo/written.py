"""Queries that Django writes once a process: the SQL is kept, the values are given each time it is asked.

Building a query costs Django several times what SQLite needs to answer it; a verb that must be quick asks this way,
and changes rows this way (`WrittenUpdate`, and `stored` for one row at hand). PostgreSQL is given each of them once a
connection (`prepared`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery

from cixi_xiezuo import prepared

Value = int | str | datetime.date | None


class Kept(NamedTuple):
    """The SQL; for each parameter the place of its value (None: it is always the same); how columns are converted."""

    sql: str
    parameters: list[tuple[int | None, Any]]
    compiler: Any
    converters: dict[int, Any]

    @property
    def table(self) -> str:
        return str(self.compiler.query.model._meta.db_table)


class Written:
    """`build` makes a query from some values: ids, years, days or texts, not None. A `values_list` for `rows`.

    It may depend on nothing else, and on the values by their use as parameters alone. Where the
    number of values varies, there is one of these for each number.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._kept: dict[str, Kept | None] = {}

    def rows(self, *values: Value) -> list[tuple[Any, ...]]:
        """The rows, converted as Django converts them. One query, or none where no row could be found."""
        kept = self._written(values)
        return [] if kept is None else list(self._found(kept, values))

    def objects(self, *values: Value) -> list[Any]:
        """The model objects of a query that is no `values_list`, with its annotations and what `select_related` names."""
        kept = self._written(values)
        if kept is None:
            return []
        compiler = kept.compiler
        info, select, db = compiler.klass_info, compiler.select, connection.alias
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column.target.attname for column, *_ in select[first:last]]
        related = get_related_populators(info, select, db)  # type: ignore[call-arg]  # the stubs are of Django 6
        annotated = compiler.annotation_col_map.items()
        made = []
        for row in self._found(kept, values):
            each = info["model"].from_db(db, names, row[first:last])
            for populator in related:
                populator.populate(row, each)
            for name, place in annotated:
                setattr(each, name, row[place])
            made.append(each)
        return made

    def _written(self, values: tuple[Value, ...]) -> Kept | None:
        if connection.vendor not in self._kept:
            self._kept[connection.vendor] = self._write(values)
        return self._kept[connection.vendor]

    def _found(self, kept: Kept, values: tuple[Value, ...]) -> Iterator[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            prepared.run(cursor, kept.sql, _given(kept, values), kept.table)
            found = cursor.fetchall()
        if kept.converters:
            return map(tuple, kept.compiler.apply_converters(found, kept.converters))
        return iter(found)

    def _write(self, values: tuple[Value, ...]) -> Kept | None:
        """Twice, with other marks each time: what the query has of itself is the same in both, so it is no mark."""
        first, second = (
            [_mark(value, place, turn) for place, value in enumerate(values)] for turn in range(2)
        )
        compiler = self._compiler(first)
        try:
            sql, given = compiler.as_sql()
            again, others = self._compiler(second).as_sql()
        except EmptyResultSet:
            return None
        if sql != again:
            raise ValueError("the SQL must not depend on the values")
        places = {
            (str(mark), str(other)): place
            for place, (mark, other) in enumerate(zip(first, second, strict=True))
        }
        converters = compiler.get_converters([column for column, *_ in compiler.select or ()])
        parameters = [
            (places.get((str(each), str(other))), each) for each, other in zip(given, others, strict=True)
        ]
        return Kept(sql, parameters, compiler, converters)

    def _compiler(self, marks: list[Value]) -> Any:
        return self._build(*marks).query.get_compiler(connection=connection)


class WrittenUpdate(Written):
    """`build` gives the rows to change, and `changes(*values)` what becomes of them; ids may be None there."""

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], changes: Callable[..., dict[str, Any]]
    ) -> None:
        super().__init__(build)
        self._changes = changes

    def run(self, *values: Value) -> None:
        kept = self._written(values)
        if kept is not None:
            with connection.cursor() as cursor:
                prepared.run(cursor, kept.sql, _given(kept, values), kept.table)

    def _compiler(self, marks: list[Value]) -> Any:
        query: Any = self._build(*marks).order_by().query.chain(UpdateQuery)
        query.add_update_values(self._changes(*marks))
        return query.get_compiler(connection=connection)


def _given(kept: Kept, values: tuple[Value, ...]) -> list[Any]:
    return [given if place is None else _as(values[place], given) for place, given in kept.parameters]


def _mark(value: Value, place: int, turn: int) -> Value:
    """A value to find where this one goes. A number fits every field: Django drops a comparison with one that does not."""
    if isinstance(value, datetime.date):
        return datetime.date(1, 1 + turn, place + 1)
    return f"\ue832{turn}{place}" if isinstance(value, str) else 31_000 + 500 * turn + place


def _as(value: Value, given: Any) -> Any:
    """A value in the form that the database took the mark in."""
    return value if value is None or isinstance(given, type(value)) else str(value)
