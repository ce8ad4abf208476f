"""The part of a purchase's page that says what it counted towards."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessment.counted import counted as counted_of
from cixi_xiezuo.errors import Refused
from procurement.choices import Status
from procurement.models import Purchase


@require_safe
@login_required
def counted(request: HttpRequest, pk: int) -> HttpResponse:
    approved = Purchase.objects.visible_to(request.user).filter(status=Status.APPROVED)
    purchase = get_object_or_404(approved.select_related("unit"), pk=pk)
    try:
        figures = counted_of(purchase)
    except Refused as refused:
        raise Http404 from refused
    assert purchase.date is not None
    template = (
        "assessment/counted_part.html" if request.headers.get("HX-Request") else "assessment/counted.html"
    )
    return render(
        request, template, {"purchase": purchase, "figures": figures, "policy_year": purchase.date.year}
    )
