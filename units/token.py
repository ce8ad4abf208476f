"""A key for a program that reads figures on a person's behalf; only its hash is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """`digest`: SHA-256 of the token, which itself is shown once and kept nowhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField("用途", max_length=50)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    expires_at = models.DateTimeField("到期时间")

    class Meta:
        verbose_name = "数据接口令牌"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
