"""How requests and statements are followed: counted, and a line in the log that names no person."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse

from cixi_xiezuo.counters import REQUEST_SECONDS, REQUESTS

log = logging.getLogger(__name__)

LONGEST = 1000  # characters of a slow statement
METHODS = frozenset({"GET", "HEAD", "POST"})


class WatchMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = monotonic()
        response = self.get_response(request)
        seconds = monotonic() - began
        page = (request.resolver_match.url_name if request.resolver_match else None) or "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(page, method, response.status_code).inc()
        REQUEST_SECONDS.labels(page).observe(seconds)
        if settings.LOG_REQUESTS and page not in ("healthz", "readyz", "metrics"):
            log.info("%s %s %s %d ms", method, page, response.status_code, seconds * 1000)
        return response


def watch_statements(sender: object, connection: BaseDatabaseWrapper, **words: Any) -> None:
    if settings.SLOW_QUERY_MS and timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Write down a slow statement; with places for its values, which may tell of people, never the values."""
    began = monotonic()
    try:
        return execute(sql, params, many, context)
    finally:
        took = (monotonic() - began) * 1000
        if 0 < settings.SLOW_QUERY_MS <= took:
            log.warning("slow statement, %d ms: %s", took, sql[:LONGEST])
