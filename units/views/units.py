"""单位: the units a person may look up, with 查询."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cixi_xiezuo.pages import page_of
from units.filters import UnitFilter
from units.guards import looking_up
from units.kinds import Kind
from units.models import Role


@require_safe
@login_required
def units(request: HttpRequest) -> HttpResponse:
    scope = looking_up(request)
    found = UnitFilter(request.GET, queryset=scope.listed().order_by("code"), request=request)
    counts = dict(found.qs.order_by("kind").values_list("kind").annotate(count=Count("pk")))
    return render(
        request,
        "units/units.html",
        {
            "filter": found,
            "page": page_of(request, found.qs.select_related("supervisor", "town", "host")),
            "counts": [(kind.label, counts[kind]) for kind in Kind if kind in counts],
            "may_add": scope.has(Role.SYSTEM_ADMIN),
            "may_change": scope.has(Role.SYSTEM_ADMIN, Role.BUREAU),
            "may_read": scope.takes_part,
        },
    )
