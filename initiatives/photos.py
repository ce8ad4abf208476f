"""A kept picture as a page shows it: drawn anew (procurement.drawing), no byte of what was uploaded, no place and time
that a camera wrote into it."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from cixi_xiezuo.downloads import sandboxed
from procurement import previews
from procurement.models.receipt import StoredFile


def shown(stored: StoredFile) -> HttpResponse:
    """As a JPEG; Http404 while the file is closed, or where it can't be drawn."""
    jpeg = previews.photo(stored)
    if jpeg is None:
        raise Http404
    return sandboxed(HttpResponse(jpeg, content_type="image/jpeg"))
