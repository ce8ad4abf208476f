"""采购台账: every purchase the person may see, with 查询."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cixi_xiezuo.pages import page_of
from procurement import found
from procurement.models import Purchase
from units.guards import taking_part

MOST = 100_000
"""Purchases that are counted and leafed through; who looks for older ones filters."""


@require_safe
@login_required
def purchases(request: HttpRequest) -> HttpResponse:
    scope = taking_part(request)
    filtered = found.purchases(request.user, request.GET)
    page = page_of(request, filtered.qs.values_list("pk", flat=True), most=MOST)
    page.object_list = _shown(list(page.object_list))
    return render(
        request,
        "procurement/purchases.html",
        {
            "filter": filtered,
            "page": page,
            "may_record": bool(scope.own),
        },
    )


def _shown(keys: list[int]) -> list[Any]:
    """The rows of one page, in its order.

    Asked for by their keys: in one query with the joins and sums, SQLite works through every purchase there is.
    """
    rows: Any = Purchase.objects.filter(pk__in=keys).with_total().select_related("unit", "supplier")
    by_key = {row.pk: row for row in rows.order_by()}
    return [by_key[key] for key in keys if key in by_key]
