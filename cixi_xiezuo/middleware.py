"""Small steps around every request."""

from collections.abc import Callable
from time import time

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control

Handler = Callable[[HttpRequest], HttpResponse]

SEEN = "seen"
RENEW_AFTER = 300  # seconds


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
