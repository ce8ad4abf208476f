"""我的单位: what is still owed this year, in plain words."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
@login_required
def my_unit(request: HttpRequest) -> HttpResponse:
    return render(request, "assessment/my_unit.html")
