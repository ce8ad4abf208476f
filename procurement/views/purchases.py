"""采购台账: every purchase the person may see, with 查询."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cixi_xiezuo.pages import page_of
from procurement import found
from units.guards import taking_part


@require_safe
@login_required
def purchases(request: HttpRequest) -> HttpResponse:
    scope = taking_part(request)
    filtered = found.purchases(request.user, request.GET)
    rows: Any = filtered.qs
    return render(
        request,
        "procurement/purchases.html",
        {
            "filter": filtered,
            "page": page_of(request, rows.with_total().select_related("unit", "supplier")),
            "may_record": bool(scope.own),
        },
    )
