"""审计: who did what, when, from where; for the auditor alone, to read and to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cixi_xiezuo import audit
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.downloads import attached
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of
from units import trail_export
from units.filters_trail import TrailFilter
from units.guards import holding
from units.models import Role, User
from units.trail_words import sentences


class Line(NamedTuple):
    event: AuditEvent
    actor: str
    on_behalf: str
    notes: list[str]


def _filtered(request: HttpRequest) -> TrailFilter:
    return TrailFilter(request.GET, queryset=AuditEvent.objects.order_by("-at", "-pk"), request=request)


@require_safe
@login_required
def trail(request: HttpRequest) -> HttpResponse:
    holding(request, Role.AUDITOR)
    found = _filtered(request)
    page = page_of(request, found.qs)
    context = {"filter": found, "page": page, "lines": list(_lines(page)), "query": request.GET.urlencode()}
    return render(request, "people/audit.html", context)


def _lines(events: Iterable[AuditEvent]) -> Iterator[Line]:
    events = list(events)
    known = {event.actor for event in events} | {event.on_behalf for event in events}
    names = dict(User.objects.filter(username__in=known).values_list("username", "display_name"))
    for event in events:
        who, giver = (_named(names, username) for username in (event.actor, event.on_behalf))
        yield Line(event, who, giver, sentences(event.detail))


def _named(names: dict[str, str], username: str) -> str:
    return f"{names[username]}（{username}）" if names.get(username) else username


@require_POST
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """The filtered trail as a workbook or as CSV; taking it away is on record with its filters."""
    holding(request, Role.AUDITOR)
    found = _filtered(request)
    if not found.is_valid():
        messages.error(request, "查询条件有误，没有导出，请改正后再试")
        return redirect(f"{reverse('audit')}?{request.GET.urlencode()}")
    form = "csv" if request.POST.get("format") == "csv" else "xlsx"
    try:
        content, media_type, count = trail_export.made(found.qs, form, found.asked)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('audit')}?{request.GET.urlencode()}")
    with transaction.atomic():
        audit.record(
            "导出审计记录", by=request.user, subject="审计记录", filters=found.asked, format=form, rows=count
        )
    response = HttpResponse(content, content_type=media_type)
    return attached(response, f"audit-{timezone.localtime():%Y%m%d-%H%M}.{form}")
