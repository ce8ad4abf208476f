"""How much waits for the person who asks. Each app's `frame.counts(request)` gives expressions by name; all are
asked in one query, once a request."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from cixi_xiezuo.parts import modules

_BESIDE = "waits_"


def waits(request: HttpRequest) -> dict[str, Any]:
    """Name → value. What an app has no reason to count for this person is not in it."""
    found: dict[str, Any] | None = getattr(request, "_waits", None)
    if found is None:
        counts = _counts(request)
        people = get_user_model().objects.filter(pk=request.user.pk or 0)
        found = (people.annotate(**counts).values(*counts).first() if counts else None) or {}
        request._waits = found  # type: ignore[attr-defined]
    return found


def _counts(request: HttpRequest) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for module in modules("frame"):
        if hasattr(module, "counts"):
            counts |= module.counts(request)
    return counts


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
