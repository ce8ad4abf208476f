"""比价: the products that can be compared, and what one of them cost at each supplier."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cixi_xiezuo.pages import page_of
from procurement import filters_prices, prices
from units.guards import taking_part

LONGEST = 200


@require_safe
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """`?product=`: a name that stands on lines as it is opens the comparison; anything else looks for names."""
    taking_part(request)
    asked = request.GET.get("product", "").replace("\0", "").strip()[:LONGEST]
    found = filters_prices.found(request.user, request.GET)
    compared = prices.compare(found.qs, asked) if asked else None
    if compared is not None and (compared.rows or found.qs.filter(product_name=asked).exists()):
        context = {
            "filter": found,
            "compared": compared,
            "page": page_of(request, compared.rows),
            "export_query": request.GET.urlencode(),
        }
        return render(request, "procurement/prices.html", context)
    page = page_of(request, prices.products(request.user, asked))
    return render(
        request, "procurement/prices_products.html", {"filter": found, "page": page, "asked": asked}
    )
