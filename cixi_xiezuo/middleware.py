"""Small steps around every request."""

from collections.abc import Callable
from hashlib import sha256
from time import time

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control

from cixi_xiezuo import audit, incidents
from cixi_xiezuo.address import address_of
from cixi_xiezuo.errors import REFUSALS

Handler = Callable[[HttpRequest], HttpResponse]

SEEN = "seen"
RENEW_AFTER = 300  # seconds
SAME_REFUSAL = 60  # seconds in which the same refusal is not put on record again


class IncidentMiddleware:
    """Number the request; the outermost, so that whatever goes wrong further in has its number."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        noted = incidents.NUMBER.set(incidents.new())
        try:
            return self.get_response(request)
        finally:
            incidents.NUMBER.reset(noted)


class PublicMiddleware:
    """Below /public/ nobody is known: no cookie is read and none is set, so that everybody is shown the same."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (settings.PUBLIC_PAGE and request.path.startswith("/public/")):
            return self.get_response(request)
        request.COOKIES = {}
        response = self.get_response(request)
        response.cookies.clear()
        del response["Vary"]
        return response


class NoStoreMiddleware:
    """Keep what a signed-in person sees out of every cache, the browser's own included."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True)
        return response


class IdleMiddleware:
    """Let a session end after SESSION_COOKIE_AGE seconds without a request.

    The session is written at most once in five minutes, not on every request.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and time() - request.session.get(SEEN, 0) > RENEW_AFTER:
            request.session[SEEN] = int(time())
        return self.get_response(request)


class TrailMiddleware:
    """Tell the trail where a request comes from, and put on record what a person was refused.

    The record is made after the request's own transaction has been taken back.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusals: list[str] = []
        where, noted = audit.WHERE.set(address_of(request)), REFUSALS.set(refusals)
        try:
            response = self.get_response(request)
            _record_refusal(request, response.status_code, refusals)
        finally:
            audit.WHERE.reset(where)
            REFUSALS.reset(noted)
        return response


def _record_refusal(request: HttpRequest, status: int, refusals: list[str]) -> None:
    """A verb refused, a page forbidden, or a record that is not there for this person."""
    found_no_record = status == 404 and request.resolver_match is not None
    if not request.user.is_authenticated or not (refusals or status == 403 or found_no_record):
        return
    where = sha256(f"{request.method} {request.path}".encode()).hexdigest()
    key = f"refusal:{request.user.pk}:{where}"
    if cache.add(key, 1, SAME_REFUSAL):
        with transaction.atomic():
            audit.record(
                "拒绝访问",
                by=request.user,
                subject=request.path,
                method=request.method,
                status=status,
                reasons=refusals,
                incident=incidents.NUMBER.get(),
            )
