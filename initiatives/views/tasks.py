"""The year's tasks from the plan, by one button."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assessment import years
from cixi_xiezuo.pages import told
from initiatives import tasking
from units.guards import holding
from units.models import Role, Unit


@require_POST
@login_required
def create_tasks(request: HttpRequest) -> HttpResponse:
    scope, year = holding(request, Role.BUREAU, Role.OVERSIGHT), years.current(request)
    mine = scope.by_role[Role.BUREAU] | scope.by_role[Role.OVERSIGHT]
    with told(request):
        office = Unit.objects.filter(pk__in=mine).order_by("code")[0]
        made = tasking.create_tasks(year, office, by=request.user)
        messages.success(
            request, f"已建立 {len(made)} 项任务" if made else f"{year} 年度的任务都已建立，没有新增"
        )
    return redirect("records", "task")
