"""What stands between a log-in and the pages: time limits, a password to be set, the second factor."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from time import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from units.models import User
from units.scope import Scope
from units.second_factor import required_of

STARTED = "started"
ALWAYS = frozenset({"logout", "password_change", "healthz", "readyz", "metrics"})
"""Pages that are open while a password has to be set."""


class GateMiddleware:
    """Every page but a few waits until the person's session is as it should be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        if time() - request.session.setdefault(STARTED, int(time())) > settings.SESSION_LONGEST:
            logout(request)
            messages.info(request, "登录已超过最长时限，请重新登录")
            return redirect(settings.LOGIN_URL)
        page = request.resolver_match.url_name if request.resolver_match else None
        if page in ALWAYS:
            return None
        if (due := password_due(request.user)) is not None:
            return _send(request, "password_change", due)
        if page != "second_factor" and needs_second_factor(request):
            return _send(request, "second_factor", "")
        return None


def password_due(user: User | Any) -> str | None:
    """Why the person must set a new password first; None when they need not."""
    if user.must_change_password:
        return "这是您第一次登录或密码已被重置，请先设定自己的密码；“当前密码”填刚才登录用的密码"
    if settings.PASSWORD_DAYS:
        since = user.password_set_at or user.date_joined
        if timezone.now() - since > datetime.timedelta(days=settings.PASSWORD_DAYS):
            return f"密码已使用超过 {settings.PASSWORD_DAYS} 天，请先更换"
    return None


def needs_second_factor(request: HttpRequest) -> bool:
    if not settings.SECOND_FACTOR or request.user.is_verified():  # type: ignore[union-attr]
        return False
    return required_of(Scope.of(request.user))


def _send(request: HttpRequest, page: str, said: str) -> HttpResponse:
    if said:
        messages.warning(request, said)
    address = reverse(page)
    if request.headers.get("HX-Request"):  # a part of a page cannot show another page
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
