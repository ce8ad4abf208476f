"""待办: what waits for the person, the longest waiting first."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment.todo import counted, todos

PER_PAGE = 50


@require_safe
@login_required
def todo(request: HttpRequest) -> HttpResponse:
    """Nothing is turned over: what waits longest is done first, and the next comes up."""
    sorts = counted(request)
    rows = todos(request, PER_PAGE)
    total = sum(sort.count for sort in sorts)
    return render(
        request, "assessment/todo.html", {"sorts": sorts, "rows": rows, "total": total, "size": PER_PAGE}
    )
