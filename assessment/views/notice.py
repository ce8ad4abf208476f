"""通报: how it reads on the screen, and the document to take away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessment import years
from assessment.notice import work
from assessment.notice.content import ISSUERS
from assessment.views.asked import Asked, asked
from cixi_xiezuo.downloads import DOCX, attached
from cixi_xiezuo.errors import Refused
from units.guards import holding

SHOWN = 20
"""Rows of each table on the screen; the document has all."""
TYPES = {"docx": DOCX, "pdf": "application/pdf"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notice(request: HttpRequest) -> HttpResponse:
    holding(request, *ISSUERS)
    day = asked(request, years.current(request))
    try:
        return _make(request, day) if request.method == "POST" else _page(request, day)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("standings_index")


def _page(request: HttpRequest, day: Asked) -> HttpResponse:
    found = work.read(request.user, day.year, day.as_of)
    context = {"day": day, "notice": found, "shown": SHOWN, "in_background": found.rows > work.SHORT}
    return render(request, "assessment/notice.html", context)


def _make(request: HttpRequest, day: Asked) -> HttpResponse:
    form = request.POST.get("format", "")
    made = work.make(day.year, day.as_of, form, by=request.user)
    if made.job is not None:
        messages.success(request, "内容较多，正在后台起草，完成后在这里下载")
        return redirect("tasks")
    response = attached(HttpResponse(made.content, content_type=TYPES[form]), made.name)
    response["Cache-Control"] = "private, no-store"
    return response
