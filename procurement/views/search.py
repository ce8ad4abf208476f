"""查找: one field for everything, in the top bar."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from procurement.search import SHORTEST, SHOWN, search
from units.guards import looking_up


@require_safe
@login_required
def search_page(request: HttpRequest) -> HttpResponse:
    looking_up(request)
    text = request.GET.get("q", "").strip()
    context = {
        "text": text,
        "groups": search(request.user, text),
        "short": len(text) < SHORTEST,
        "shortest": SHORTEST,
        "shown": SHOWN,
    }
    return render(request, "procurement/search.html", context)
