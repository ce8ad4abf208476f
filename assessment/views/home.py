"""`/`: each person's first page, by what they may do."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from units.models import Role
from units.scope import Scope


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    scope = Scope.of(request.user)
    if scope.own:
        return redirect("my_unit")
    if scope.has(Role.BUREAU, Role.OVERSIGHT):
        return redirect("/city/")
    if scope.reviewing:
        return redirect("/review/")
    if scope.has(Role.AUDITOR):
        return redirect("/audit/")
    if scope.has(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        return redirect("/people/")
    return render(request, "assessment/start.html")
