"""Where a person is logged in: one row a session, so that they can see them and end them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from cixi_xiezuo.address import address_of


class LoginSession(models.Model):
    """`key` is that of the stored session; the row is worth nothing once that is gone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="login_sessions")
    key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField("登录时间")
    address = models.CharField("地址", max_length=64, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)

    class Meta:
        verbose_name = "登录会话"
        ordering = ["-started_at"]


def live() -> models.QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=timezone.now())


def begin(request: HttpRequest) -> None:
    """After a log-in: keep a row of it, and drop the person's rows whose session is over."""
    if not request.session.session_key:
        request.session.create()
    rows = LoginSession.objects.filter(user=request.user.pk)
    rows.exclude(key__in=live().values("pk")).delete()
    LoginSession.objects.update_or_create(
        key=request.session.session_key,
        defaults={
            "user": request.user,  # type: ignore[misc]
            "started_at": timezone.now(),
            "address": address_of(request),
            "agent": browser(request.headers.get("User-Agent", "")),
        },
    )


def forget(request: HttpRequest) -> None:
    LoginSession.objects.filter(key=request.session.session_key or "").delete()


def renamed(old: str | None, new: str | None) -> None:
    """The session got another key."""
    if old and new:
        LoginSession.objects.filter(key=old).update(key=new)


def browser(agent: str) -> str:
    """What a person recognises their browser by."""
    names = {
        "Edg/": "Edge", "360": "360 浏览器", "QIANXIN": "奇安信浏览器", "Firefox/": "Firefox",
        "MicroMessenger": "微信", "Chrome/": "Chrome", "Safari/": "Safari",
    }  # fmt: skip
    systems = {
        "Windows": "Windows",
        "Android": "Android",
        "iPhone": "iPhone",
        "Mac OS": "macOS",
        "Linux": "Linux",
    }
    found = [next((name for mark, name in each.items() if mark in agent), "") for each in (names, systems)]
    return " · ".join(filter(None, found)) or "未知浏览器"
