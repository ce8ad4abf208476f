"""How often a person, and an address, may do what costs much or what guesses: more gets 429 and a sentence.

Counted in the cache, in windows of ten minutes. While the cache is away nothing is counted (the lock-out after wrong
passwords is kept in the database). A log-in counts by the name that was typed, whether there is such a person or not;
an address that the person has logged in from lately is not held back by what others try with that name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from hashlib import sha256
from time import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cixi_xiezuo import audit
from cixi_xiezuo.address import address_of

WINDOW = 600  # seconds
PER_ADDRESS = 10
"""Times what a person may: many sit behind the address of one building."""
KNOWN = 30 * 24 * 3600  # seconds that an address is remembered from which somebody logged in
DOING = {"files": "上传", "exports": "导出", "log-ins": "登录", "passwords": "修改密码", "public": "访问"}


class ThrottleMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST":
            return None
        match = request.resolver_match
        what = settings.THROTTLED.get((match.url_name if match else None) or "")
        if what is not None and (response := _counted(request, what, 1)) is not None:
            return response
        files = sum(len(each) for _, each in request.FILES.lists())
        return _counted(request, "files", files) if files else None


def _counted(request: HttpRequest, what: str, times: int) -> HttpResponse | None:
    """The answer to somebody who has done it too often; None for everybody else."""
    for key, most in _limits(request, what):
        count = _count(f"{what}:{key}", times)
        if count > most:
            if count - times <= most:  # once a window
                _record(request, what)
            return too_many(request, what)
    return None


def _limits(request: HttpRequest, what: str) -> Iterator[tuple[str, int]]:
    most = settings.THROTTLE_PER_PERSON[what]
    address = address_of(request)
    if request.user.is_authenticated:
        yield f"user:{request.user.pk}", most
    elif (name := request.POST.get("username", "")) and not cache.has_key(_known(name, address)):
        yield f"name:{_digest(name)}", most
    yield f"address:{address}", most * PER_ADDRESS


def _count(key: str, times: int) -> int:
    """How often within the window, this time included."""
    key = f"throttle:{key}:{int(time() // WINDOW)}"
    if cache.add(key, times, WINDOW):
        return times
    try:
        return cache.incr(key, times)
    except ValueError:  # gone between the two
        return times


def _left() -> int:
    """Seconds until the window is over."""
    return WINDOW - int(time()) % WINDOW


def remember(name: str, address: str) -> None:
    """After a log-in: others who try with this name will not keep it out from here."""
    cache.set(_known(name, address), 1, KNOWN)


def _known(name: str, address: str) -> str:
    return f"known:{_digest(name)}:{address}"


def _digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:32]


def too_often(user_id: int, what: str) -> int:
    """Count what a person's program does; the seconds to wait where it is too much, else 0."""
    if _count(f"{what}:user:{user_id}", 1) <= settings.THROTTLE_PER_PERSON[what]:
        return 0
    return _left()


def too_many_reads(request: HttpRequest, what: str) -> HttpResponse | None:
    """Count a page that anybody may read, by address alone; the answer where it is too often. Nothing goes on record."""
    count = _count(f"{what}:address:{address_of(request)}", 1)
    return too_many(request, what) if count > settings.THROTTLE_PER_PERSON[what] * PER_ADDRESS else None


def _record(request: HttpRequest, what: str) -> None:
    by = request.user if request.user.is_authenticated else audit.Stranger()
    name = request.user.get_username() or request.POST.get("username", "")
    with transaction.atomic():
        audit.record("操作过于频繁", by=by, subject=f"用户 {name}", title=DOING[what])


def too_many(request: HttpRequest, what: str) -> HttpResponse:
    wait = _left()
    context = {"doing": DOING[what], "minutes": math.ceil(wait / 60)}
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(wait)
    return response
