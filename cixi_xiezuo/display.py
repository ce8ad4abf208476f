"""How a person likes the pages: light or dark, amounts in 元 or 万元. Kept in a cookie a browser; no account needed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from cixi_xiezuo.pages import way_back

THEMES = {"auto": "跟随系统", "light": "浅色", "dark": "深色"}
AMOUNTS = {"yuan": "元", "wan": "万元"}
CHOICES = {"theme": THEMES, "amounts": AMOUNTS}
KEPT = 365 * 24 * 3600  # seconds


def chosen(request: HttpRequest, name: str) -> str:
    """What the person chose of `name`; "" where they did not, or the cookie holds something else."""
    value = request.COOKIES.get(name, "")
    return value if value in CHOICES[name] else ""


def in_wan(request: HttpRequest, default: bool) -> bool:
    """Whether a page of figures shows 万元; `default` is the page's own way until the person chooses."""
    return chosen(request, "amounts") == "wan" if chosen(request, "amounts") else default


def context(request: HttpRequest) -> dict[str, Any]:
    """`theme`: light or dark where chosen, "" to follow the system."""
    theme = chosen(request, "theme")
    return {
        "theme": "" if theme == "auto" else theme,
        "themes": [(value, label, value == (theme or "auto")) for value, label in THEMES.items()],
    }


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen and go back to the page; nothing of the database changes."""
    response = HttpResponseRedirect(way_back(request, request.POST.get("next", "")))
    for name, choices in CHOICES.items():
        if (value := request.POST.get(name, "")) in choices:
            response.set_cookie(
                name,
                value,
                max_age=KEPT,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
    return response
