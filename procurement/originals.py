"""A kept file's original bytes, handed out: always as a download, never shown by the browser as part of this site."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from cixi_xiezuo.downloads import sandboxed
from procurement import receipts
from procurement.models import StoredFile


def handed_out(
    request: HttpRequest, stored: StoredFile, name: str, on_record: Callable[[], object] = lambda: None
) -> HttpResponseBase:
    """The caller has seen to who may. 403 with its sentence while the file is closed; Http404 where its bytes are gone.

    `on_record` is called once the bytes are at hand.
    """
    if stored.closed:
        return render(request, "400.html", {"sentence": stored.closed}, status=403)
    try:
        content = io.BytesIO(receipts.content(stored))
    except OSError as error:
        raise Http404 from error
    on_record()
    return sandboxed(FileResponse(content, as_attachment=True, filename=name, content_type=stored.media_type))
