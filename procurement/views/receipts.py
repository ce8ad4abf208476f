"""Receipts' bytes and pictures. Nobody gets one of a unit outside their scope: it is simply not there."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from procurement import previews
from procurement.models import Receipt, StoredFile
from procurement.receipts import path_of

SANDBOX = "sandbox; default-src 'none'"


def _stored(request: HttpRequest, pk: int) -> tuple[Receipt, StoredFile]:
    receipt = get_object_or_404(Receipt.objects.visible_to(request.user).select_related("file"), pk=pk)
    if receipt.file is None:
        raise Http404
    return receipt, receipt.file


@require_safe
@login_required
def receipt_file(request: HttpRequest, pk: int) -> FileResponse:
    """The original bytes, always as a download, never shown by the browser as part of this site."""
    receipt, stored = _stored(request, pk)
    try:
        content = default_storage.open(path_of(stored.sha256), "rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=receipt.name or f"票据{pk}", content_type=stored.media_type
    )
    return _guarded(response)


@require_safe
@login_required
def receipt_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One page as a PNG; 404 for a file that has no pictures (OFD, XML) or no such page."""
    _, stored = _stored(request, pk)
    png = previews.page(stored, number)
    if png is None:
        raise Http404
    return _guarded(HttpResponse(png, content_type="image/png"))


def _guarded(response: Any) -> Any:
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
