"""Suppliers and original purchases to choose from while typing; asked for once a person is in the form."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from procurement.choices import EDITABLE, Status
from procurement.models import Purchase
from units.scope import Scope

SUPPLIERS, ORIGINALS = 100, 50


@require_safe
@login_required
def suggestions(request: HttpRequest) -> HttpResponse:
    """Of the unit that `?unit=` names: whom it has bought from, what a refund may take back, what may still be changed."""
    unit = get_object_or_404(Scope.of(request.user).recordable(), code=request.GET.get("unit", ""))
    bought = Purchase.objects.filter(unit=unit)
    names = bought.filter(supplier__isnull=False).order_by("supplier__name")
    originals = bought.filter(status=Status.APPROVED, original__isnull=True).select_related("supplier")
    context = {
        "suppliers": names.values_list("supplier__name", flat=True).distinct()[:SUPPLIERS],
        "drafts": bought.filter(status__in=EDITABLE).select_related("supplier").order_by("-pk")[:ORIGINALS],
        "originals": originals.order_by("-date", "-pk")[:ORIGINALS],
    }
    return render(request, "procurement/suggestions.html", context)
