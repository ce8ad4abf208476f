"""质量价格投诉: the list, a new one, one complaint and what is done to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of
from initiatives import papers, rights
from initiatives.acting import Offer, offers
from initiatives.market import acts, complaints, filters, scope
from initiatives.market.forms import ComplaintForm
from initiatives.market.models import Complaint, Finding
from initiatives.offices import supervises_market
from initiatives.views.case import detail_and_act
from initiatives.words import happened
from procurement.models import Purchase
from units.guards import taking_part


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    found = filters.complaints(request.user, request.GET)
    context = {
        "filter": found,
        "page": page_of(request, found.qs.select_related("unit")),
        "export_query": request.GET.urlencode(),
    }
    return render(request, "initiatives/complaints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    units = list(rights.recordable(request.user).order_by("code"))
    data = request.POST if request.method == "POST" else None
    initial = {"number": request.GET.get("number", "")[:64]}
    form = ComplaintForm(data, user=request.user, units=units, initial=initial)
    if data is not None and form.is_valid():
        try:
            made = complaints.file_complaint(form.chosen_unit(), form.content(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            files = request.FILES.getlist("files")
            for sentence in papers.attach_all("complaint", made, files, by=request.user):
                messages.error(request, sentence)
            messages.success(request, "已提交，市场监管等部门会处理，结果在本页查看")
            return redirect("complaint", made.pk)
    context = {
        "form": form,
        "heading": "质量价格投诉",
        "list_title": "投诉",
        "list_url": "/initiatives/complaints/",
        "save": "提交投诉",
        "with_files": "照片、检测报告等（可多选，每个不超过 20 MB）",
    }
    return render(request, "initiatives/case_form.html", context, status=422 if form.is_bound else 200)


def _visible(request: HttpRequest, pk: int) -> Complaint:
    taking_part(request)
    rows = scope.visible(request.user).select_related("unit", "purchase", "blacklisting__supplier")
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, complaint: Complaint, refused: Offer | None = None) -> HttpResponse:
    mine: Any = Purchase.objects.visible_to(request.user).filter(pk=complaint.purchase_id or 0)
    upheld = complaint.finding in (Finding.UPHELD, Finding.PARTLY)
    context = {
        "complaint": complaint,
        "purchase": mine.first() if complaint.purchase_id else None,
        "papers": papers.shown("complaint", complaint, request.user),
        "may_attach": scope.may_attach(request.user, complaint),
        "may_blacklist": upheld and complaint.blacklisting is None and supervises_market(request.user),
        "offers": offers(request.user, complaint, acts.COMPLAINT, refused),
        "events": happened(complaint.unit.code, complaints.subject_of(complaint)),
    }
    return render(request, "initiatives/complaint.html", context, status=422 if refused else 200)


detail, act = detail_and_act("complaint", found=_visible, page=_page, acts=acts.COMPLAINT)
