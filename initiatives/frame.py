"""What the plan's other work puts into the left menu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet, Value
from django.http import HttpRequest

from cixi_xiezuo.frame import Entry
from cixi_xiezuo.waits import how_many
from initiatives.funds import scope as funds
from initiatives.inspection import scope as inspection
from initiatives.market import scope as market
from initiatives.progress import todos as progress
from initiatives.publicity import scope as publicity
from initiatives.rights import offices
from initiatives.todos import due_work
from units.models import Role
from units.scope import Scope


def entries(request: HttpRequest) -> Iterator[Entry]:
    if Scope.of(request.user).takes_part:
        yield Entry("帮扶工作", "/initiatives/", "heart-handshake", 60)


def context(request: HttpRequest) -> dict[str, Any]:
    """`may_inspect`: the person may open an inspection of what a page shows."""
    return {"may_inspect": Scope.of(request.user).has(Role.OVERSIGHT)}


def counts(request: HttpRequest) -> dict[str, Any]:
    """For cixi_xiezuo.waits. Those due are all in the same state: open."""
    if not offices(Scope.of(request.user)):
        return {}
    return {
        "due_work": how_many(due_work(request.user), "state"),
        **{name: how_many(_together(rows), "together") for name, rows in _cases(request.user)},
    }


def _cases(user: Any) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Cases that wait for the person, by their names in `todos`."""
    yield "progress", progress.waiting(user)
    yield "complaints", market.waiting(user)
    yield "inspections", inspection.waiting(user)
    yield "applications", funds.waiting(user)
    yield "stories", publicity.waiting(user)
    if inspection.decides(user):
        yield "revocations", inspection.revocations(user)


def _together(rows: QuerySet[Any]) -> QuerySet[Any]:
    together: QuerySet[Any] = rows.annotate(together=Value(1))
    return together
