"""Is the service able to work? For load balancers, monitors and `make run`."""

import hmac
import ipaddress

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cixi_xiezuo import measures
from cixi_xiezuo.broker import answers


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 where the database answers, else 503.

    A missing broker only delays the reading of receipts, so it is told but does not make the service ill.
    """
    state = {"database": _database(), "broker": "ok" if answers(settings.REDIS_URL) else "down"}
    return JsonResponse(state, status=200 if state["database"] == "ok" else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 where this process may be given requests: the database answers and has the program's tables."""
    state = {"database": _database()}
    if state["database"] == "ok":
        state["migrations"] = "ok" if _has_tables() else "waiting"
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)


_seen = False
"""Has this process found the program's tables once? Its program stays the same, and tables are not taken away."""


def _has_tables() -> bool:
    global _seen
    _seen = _seen or not upgrades_waiting()
    return _seen


def upgrades_waiting() -> int:
    """How many migrations of the program the database does not have yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For the monitor on this machine, or one that has METRICS_TOKEN; there is no such page for others."""
    if not (_from_here(request) or _has_token(request)):
        raise Http404
    return HttpResponse(measures.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _from_here(request: HttpRequest) -> bool:
    """Connected from this machine by no proxy: ours tells for whom it asks."""
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(
        given.encode(), settings.METRICS_TOKEN.encode()
    )
