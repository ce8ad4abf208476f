"""Where a request comes from. What a client writes into X-Forwarded-For itself is never believed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest | Any) -> str:
    """The client's address as the outermost of our own PROXIES saw it; with none, as the connection says."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES:
        passed = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
        if len(passed) >= settings.PROXIES and passed[-settings.PROXIES]:
            return str(passed[-settings.PROXIES])[:64]
    return peer[:64]
