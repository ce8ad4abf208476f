"""Files of a case: taken away, added, taken off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from cixi_xiezuo.pages import told
from initiatives import papers
from procurement.originals import handed_out
from units.guards import taking_part


def _back(field: str, case: Any) -> HttpResponse:
    """To the page of the case that papers are with."""
    if field == "report":
        return redirect("record", case.record_id)
    return redirect("inspection", case.inspection_id) if field == "question" else redirect(field, case.pk)


def attach_to(request: HttpRequest, field: str, pk: int) -> HttpResponse:
    """The files sent, each by itself, to a case that the person sees and may add to."""
    holder = papers.HOLDERS[field]
    case = get_object_or_404(holder.visible(request.user), pk=pk)
    if not holder.may_attach(request.user, case):
        raise Http404
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, "请选择要上传的文件")
    wrong = papers.attach_all(field, case, files, by=request.user)
    for sentence in wrong:
        messages.error(request, sentence)
    if len(wrong) < len(files):
        messages.success(request, f"已上传 {len(files) - len(wrong)} 个文件")
    return _back(field, case)


@require_POST
@login_required
def complaint_attach(request: HttpRequest, pk: int) -> HttpResponse:
    taking_part(request)
    return attach_to(request, "complaint", pk)


@require_POST
@login_required
def inspection_attach(request: HttpRequest, pk: int) -> HttpResponse:
    taking_part(request)
    return attach_to(request, "inspection", pk)


@require_POST
@login_required
def application_attach(request: HttpRequest, pk: int) -> HttpResponse:
    taking_part(request)
    return attach_to(request, "application", pk)


@require_POST
@login_required
def report_attach(request: HttpRequest, pk: int) -> HttpResponse:
    taking_part(request)
    return attach_to(request, "report", pk)


@require_safe
@login_required
def paper_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    taking_part(request)
    found = get_object_or_404(papers.visible(request.user).select_related("file"), pk=pk)
    return handed_out(request, found.file, found.name, lambda: papers.note_download(found, by=request.user))


@require_POST
@login_required
def paper_remove(request: HttpRequest, pk: int) -> HttpResponse:
    taking_part(request)
    found = get_object_or_404(papers.visible(request.user), pk=pk)
    field, case = papers.holding(found)
    if not papers.may_remove(request.user, found):
        raise Http404
    with told(request, "已删除材料"):
        papers.detach(found, by=request.user)
    return _back(field, case)
