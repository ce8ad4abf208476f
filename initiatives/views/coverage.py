"""网点分布: the outlets town by town."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment import years
from initiatives.coverage import coverage
from units.guards import taking_part


@require_safe
@login_required
def outlets(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    year = years.current(request)
    found = coverage(request.user, year)
    return render(request, "initiatives/outlets.html", {"coverage": found, "export_query": f"year={year}"})
