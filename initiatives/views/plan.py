"""政策对照: every sentence of the plan's parts 四 and 五 and what serves it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessment import years
from initiatives.plan import clauses, source
from units.guards import taking_part
from units.scope import Scope


@require_safe
@login_required
def plan_page(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    year = years.current(request)
    found = clauses(year)
    context = {
        "clauses": found,
        "count": sum(len(clause.sentences) for clause in found),
        "source": source(year),
        "closed": () if Scope.of(request.user).everything else (reverse("city"),),
    }
    return render(request, "initiatives/plan.html", context)
