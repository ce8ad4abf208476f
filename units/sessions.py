"""Where a person is logged in: one row a session, so that they can see them and end them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


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
