"""What views share: pages of a long list, and a verb that was refused told to the person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from cixi_xiezuo.errors import Refused

PER_PAGE = 50


def page_of(request: HttpRequest, rows: Any, per_page: int = PER_PAGE) -> Page:
    """The page that `?page=` asks for; a wrong number gives the nearest page there is."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


@contextmanager
def told(request: HttpRequest, success: str = "") -> Iterator[None]:
    """Run a verb: its refusal becomes a message instead of an error page; `success` is said otherwise."""
    try:
        yield
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if success:
            messages.success(request, success)
