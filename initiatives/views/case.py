"""The two views that each case has alike: its page, and what is done from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from initiatives.acting import Act, perform

View = Callable[..., HttpResponse]


def detail_and_act(
    name: str, *, found: Callable[[HttpRequest, int], Any], page: View, acts: Iterable[Act]
) -> tuple[View, View]:
    """`name`: of the case's address; `found` gives a case that the person may see, else Http404; `page` shows it, with an
    act that was refused where there is one."""

    @require_safe
    @login_required
    def detail(request: HttpRequest, pk: int) -> HttpResponse:
        return page(request, found(request, pk))

    @require_POST
    @login_required
    def act(request: HttpRequest, pk: int) -> HttpResponse:
        case = found(request, pk)
        refused = perform(request, case, acts)
        return redirect(name, pk) if refused is None else page(request, case, refused)

    return detail, act
