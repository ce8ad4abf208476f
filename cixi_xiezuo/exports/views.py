"""导出: the list of the page one comes from, as it is filtered there."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cixi_xiezuo.downloads import CSV, XLSX
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.exports import work
from cixi_xiezuo.exports.listing import listings

TYPES = {"xlsx": XLSX, "csv": CSV}


@require_POST
@login_required
def export(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:
    listing = listings().get(slug)
    if listing is None:
        raise Http404
    form = request.POST.get("format", "xlsx")
    try:
        made = work.export(listing, by=request.user, query=request.GET.urlencode(), form=form)
    except NotAllowed as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("tasks")
    if made.file is None:
        messages.success(request, "内容较多，正在后台导出，完成后在这里下载")
        return redirect("tasks")
    response = FileResponse(made.file, as_attachment=True, filename=made.name, content_type=TYPES[form])
    response["Cache-Control"] = "private, no-store"
    return response
