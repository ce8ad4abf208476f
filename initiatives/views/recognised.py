"""认定目录: recognised suppliers and products, with their 认定编号 and 有效期."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cixi_xiezuo.pages import page_of
from initiatives.market.recognised import of_products, recognised, state_of
from procurement.imports.kinds import allowed
from units.guards import taking_part
from units.scope import Scope


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    found, products = recognised(request.GET), of_products(request.GET)
    page = page_of(request, found.qs)
    workbook = "products" if products else "suppliers"
    context = {
        "filter": found,
        "page": page,
        "rows": [(entry, state_of(entry.recognised_until)) for entry in page],
        "of_products": products,
        "workbook": workbook,
        "may_import": workbook in {kind.slug for kind in allowed(Scope.of(request.user))},
        "export_query": request.GET.urlencode(),
    }
    return render(request, "initiatives/recognised.html", context)
