"""What every page's template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cixi_xiezuo import display, frame, helping, incidents


def site(request: HttpRequest) -> dict[str, Any]:
    """Give the site's name, whether this is a demonstration and, for a signed-in person, the frame."""
    values: dict[str, Any] = {
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "incident": incidents.NUMBER.get(),
    }
    values |= display.context(request)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        values["menu"] = SimpleLazyObject(lambda: frame.menu(request))
        values |= frame.context(request)
        values["help_topic"], values["help_terms"] = helping.topic_of(request), helping.read().terms
    return values
