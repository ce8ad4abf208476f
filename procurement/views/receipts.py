"""Receipts' bytes and pictures. Nobody gets one of a unit outside their scope: it is simply not there."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cixi_xiezuo import audit
from cixi_xiezuo.downloads import sandboxed
from procurement import previews
from procurement.history import DOWNLOADED, LOOKED
from procurement.models import Receipt, StoredFile
from procurement.originals import handed_out


def _stored(request: HttpRequest, pk: int) -> tuple[Receipt, StoredFile]:
    receipt = get_object_or_404(
        Receipt.objects.visible_to(request.user).select_related("file", "unit"), pk=pk
    )
    if receipt.file is None:
        raise Http404
    return receipt, receipt.file


@require_safe
@login_required
def receipt_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    receipt, stored = _stored(request, pk)
    return handed_out(
        request, stored, receipt.name or f"票据{pk}", lambda: _on_record(DOWNLOADED, request, receipt)
    )


@require_safe
@login_required
def receipt_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One page as a PNG; 404 for a file that has no pictures (OFD, XML) or no such page."""
    receipt, stored = _stored(request, pk)
    png = previews.page(stored, number)
    if png is None:
        raise Http404
    if number == 1:
        _on_record(LOOKED, request, receipt)
    return sandboxed(HttpResponse(png, content_type="image/png"))


@transaction.atomic
def _on_record(action: str, request: HttpRequest, receipt: Receipt) -> None:
    audit.record(
        action,
        by=request.user,
        subject=f"票据 {receipt.pk}",
        stream=receipt.unit.code,
        name=receipt.name,
        sha256=receipt.file_id,
    )
