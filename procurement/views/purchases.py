"""采购台账: every purchase the person may see, with 查询."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cixi_xiezuo.pages import page_of
from procurement.filters import PurchaseFilter
from procurement.models import Purchase
from units.guards import taking_part


@require_safe
@login_required
def purchases(request: HttpRequest) -> HttpResponse:
    scope = taking_part(request)
    rows = Purchase.objects.visible_to(request.user).with_total().select_related("unit", "supplier")
    rows = rows.order_by("-date", "-pk")
    found = PurchaseFilter(request.GET, queryset=rows)
    return render(
        request,
        "procurement/purchases.html",
        {
            "filter": found,
            "page": page_of(request, found.qs),
            "may_record": bool(scope.own),
        },
    )
