"""What is worked out from the database alone is kept while nothing at all is written to it.

No list of what a figure depends on, which somebody would forget to lengthen: the database itself says whether anything
changed. SQLite counts the commits of other connections (`data_version`) and the rows that this one changed;
PostgreSQL's snapshot names every transaction that is over, so two equal ones see the same rows. The mark is read before
the figures are: what is written in between only makes them newer than their mark, and they are worked out again.

A figure must depend on its key and the database, not on the clock or the person; nobody may change what they are given.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar, cast

from django.db import connection

Figure = TypeVar("Figure")
MOST = 16
"""Figures that a thread keeps; the one that was not asked for longest makes room."""

_MARKS = {
    "sqlite": "PRAGMA data_version",
    # a standby's snapshot leaves out who is still at work: nothing is kept there
    "postgresql": "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_snapshot()::text END",
}


class _Mark(NamedTuple):
    """What the rows were. On SQLite it means something to one connection alone, which is held so that no other takes its place."""

    version: Any
    changed: int = 0
    link: Any = None


class _Kept(threading.local):
    def __init__(self) -> None:
        self.figures: dict[Hashable, tuple[_Mark, Any]] = {}


_kept = _Kept()


def while_unchanged(key: Hashable, make: Callable[[], Figure]) -> Figure:
    """What `make` gave for the key, if nothing was written since; what it gives now. What it raises is not kept.

    Inside a transaction it always makes: what is written there may yet be taken back.
    """
    mark = None if connection.in_atomic_block else _mark()
    if mark is None:
        return make()
    before, figure = _kept.figures.pop(key, (None, None))
    if before != mark:
        figure = make()
        while len(_kept.figures) >= MOST:
            del _kept.figures[next(iter(_kept.figures))]
    _kept.figures[key] = (mark, figure)
    return cast(Figure, figure)


def _mark() -> _Mark | None:
    """One small query. None where the database can't tell."""
    with connection.cursor() as cursor:
        cursor.execute(_MARKS[connection.vendor])
        (version,) = cursor.fetchone()
    if version is None:
        return None
    if connection.vendor == "sqlite":
        link: Any = connection.connection
        return _Mark(version, link.total_changes, link)
    return _Mark(version)
