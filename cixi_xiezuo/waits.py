"""How much waits for the person who asks. Each app's `frame.counts(request)` gives expressions by name; all are
asked in one query, once a request.

For Django to write these expressions takes longer than the page around them, so their SQL is kept for the person while
what it was made from is the same: their id and name, and what each app's `frame.counts_from(request)` gives. Nothing else
may form a count; what the database holds is asked each time.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count, IntegerField, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from cixi_xiezuo.parts import modules

MOST = 1000
"""People whose counts a process keeps."""
_BESIDE = "waits_"

Counts = dict[str, Any]
_kept: dict[Hashable, Counts] = {}


def waits(request: HttpRequest, **more: Any) -> Counts:
    """Name → value. What an app has no reason to count for this person is not in it.

    `more`: expressions of a page, asked in the same query where it is the first to ask.
    """
    found: Counts | None = getattr(request, "_waits", None)
    if found is None or more.keys() - found.keys():
        counts = _counts(request) | more
        people = get_user_model().objects.filter(pk=request.user.pk or 0)
        found = (people.annotate(**counts).values(*counts).first() if counts else None) or {}
        request._waits = found  # type: ignore[attr-defined]
    return found


def riding(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows of a page with the counts beside them, for a page that must ask the database little."""
    beside: QuerySet[Any] = rows.annotate(**{_BESIDE + name: each for name, each in _counts(request).items()})
    return beside


def keep(request: HttpRequest, row: Any) -> None:
    """The counts came with a row of `riding`: they need not be asked for again."""
    found = {
        name.removeprefix(_BESIDE): value for name, value in vars(row).items() if name.startswith(_BESIDE)
    }
    request._waits = found  # type: ignore[attr-defined]


def how_many(rows: QuerySet[Any], group: str) -> Coalesce:
    """How many rows, inside another query. `group`: a field that all of them share a value of."""
    return Coalesce(Subquery(rows.order_by().values(group).annotate(n=Count("pk")).values("n")), 0)


def _counts(request: HttpRequest) -> Counts:
    """All apps' counts as SQL that is written already."""
    made_from = tuple(
        module.counts_from(request) for module in modules("frame") if hasattr(module, "counts_from")
    )
    key = (connection.vendor, request.user.pk, request.user.get_username(), made_from)
    if key not in _kept:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = _written(_expressions(request))
    return _kept[key]


def _expressions(request: HttpRequest) -> Counts:
    """All apps' counts as expressions."""
    counts: Counts = {}
    for module in modules("frame"):
        if hasattr(module, "counts"):
            counts |= module.counts(request)
    return counts


def _written(counts: Counts) -> Counts:
    """The same numbers as SQL that Django need not write again; they refer to nothing around them."""
    if not counts:
        return {}
    compiler = get_user_model().objects.annotate(**counts).values_list(*counts).query.get_compiler("default")
    compiler.as_sql()
    return {
        name: RawSQL(sql, params, output_field=IntegerField())  # noqa: S611 (written by Django, values apart)
        for name, (_, (sql, params), _) in zip(counts, compiler.select, strict=True)
    }
