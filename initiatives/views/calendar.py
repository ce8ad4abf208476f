"""活动日历: the year's activities month by month."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment import years
from initiatives.calendar import calendar
from units.guards import taking_part


@require_safe
@login_required
def activities(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    year = years.current(request)
    found = calendar(request.user, year)
    return render(request, "initiatives/calendar.html", {"calendar": found, "export_query": f"year={year}"})
