"""票据收件箱: files are dropped here, and followed until each is a draft."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of, told
from procurement.choices import EDITABLE, PENDING, Scan, Status
from procurement.forms.receipts import ACCEPT
from procurement.inbox import Outcome, plain_name, receive
from procurement.models import Purchase, Receipt
from units.guards import recording
from units.models import Unit
from units.scope import Scope

TARGETS = 50
"""How many purchases a loose paper may be put with from here; with others it is put on their own page."""
RECEIVED = "已收到 {} 个文件，正在识别；识别后每张发票生成一份草稿"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    scope = recording(request)
    units = list(scope.recordable().order_by("code"))
    if request.method == "POST":
        return _drop(request)
    home = scope.home
    taken = request.GET.get("taken", "")
    context = {
        "units": units,
        "drop_unit": home.code if home else "",
        "accept": ACCEPT,
        "taken": RECEIVED.format(int(taken)) if taken.isdecimal() and len(taken) < 4 else "",
    }
    return render(request, "procurement/inbox.html", context | _rows(request))


def _drop(request: HttpRequest) -> HttpResponse:
    unit, files = _unit(request), _files(request)
    if not files:
        messages.error(request, "请先选择票据文件，可以一次选择多个")
        return redirect("inbox")
    with told(request):
        outcomes = receive(files, unit, request.user)
        for outcome in outcomes:
            _say(request, outcome)
        taken = _taken(outcomes)
        if taken:
            messages.success(request, RECEIVED.format(taken))
    return redirect("inbox")


@require_POST
@login_required
def inbox_file(request: HttpRequest) -> HttpResponse:
    """One dropped file sent by the script: what became of it, as a part of the page."""
    recording(request)
    unit, files = _unit(request), _files(request)
    try:
        outcomes = receive(files, unit, request.user)
    except Refused as refused:
        outcomes = [Outcome(plain_name(file.name), refusal=str(refused)) for file in files]
    context = {"outcomes": outcomes, "taken": _taken(outcomes)}
    return render(request, "procurement/inbox_file.html", context)


def _unit(request: HttpRequest) -> Unit:
    return get_object_or_404(Scope.of(request.user).recordable(), code=request.POST.get("unit", ""))


def _files(request: HttpRequest) -> list[UploadedFile[bytes]]:
    return request.FILES.getlist("files")


def _taken(outcomes: list[Outcome]) -> int:
    return sum(1 for outcome in outcomes if outcome.receipt and not outcome.known)


def _say(request: HttpRequest, outcome: Outcome) -> None:
    """A refusal or a file known already, told above the next page."""
    if outcome.refusal:
        messages.error(request, f"“{outcome.name}”没有上传：{outcome.refusal}")
    elif outcome.known and outcome.receipt is not None:
        purchase = outcome.receipt.purchase
        if purchase is None:
            messages.warning(request, f"“{outcome.name}”已上传过，见下方列表")
        else:
            words = "“{}”已上传过，见采购 <a class='alert-link' href='{}'>{}</a>（{}），没有重复登记"
            address = reverse("purchase", args=[purchase.pk])
            state = purchase.get_status_display()
            messages.warning(request, format_html(words, outcome.name, address, purchase.number, state))


def _receipts(request: HttpRequest) -> QuerySet[Receipt]:
    rows = Receipt.objects.visible_to(request.user).filter(unit__in=Scope.of(request.user).recordable())
    return rows.exclude(file=None).select_related("unit", "purchase", "file").order_by("-pk")


@dataclass(frozen=True, slots=True)
class Row:
    """A receipt and, while it waits for a place, the unit's purchases that it may be put with."""

    receipt: Receipt
    targets: list[Purchase]

    @property
    def loose(self) -> bool:
        file = self.receipt.file
        infected = file is not None and file.scan == Scan.INFECTED
        return self.receipt.purchase is None and self.receipt.reading not in PENDING and not infected

    @property
    def movable(self) -> bool:
        purchase = self.receipt.purchase
        return purchase is not None and purchase.status in EDITABLE and self.receipt.reading not in PENDING


def _rows(request: HttpRequest) -> dict[str, object]:
    page = page_of(request, _receipts(request))
    pending = [receipt for receipt in page if receipt.reading in PENDING]
    targets: dict[int, list[Purchase]] = defaultdict(list)
    if any(receipt.purchase_id is None for receipt in page):
        for purchase in _targets(request):
            targets[purchase.unit_id].append(purchase)
    return {
        "page": page,
        "rows": [Row(receipt, targets[receipt.unit_id]) for receipt in page],
        "pending": len(pending),
        "drafts": Purchase.objects.editable_by(request.user).filter(status=Status.DRAFT).count(),
        "several_units": Scope.of(request.user).recordable().count() > 1,
    }


def _targets(request: HttpRequest) -> QuerySet[Purchase]:
    rows = Purchase.objects.editable_by(request.user).filter(status__in=EDITABLE)
    return rows.with_total().select_related("supplier").order_by("-pk")[:TARGETS]


@require_safe
@login_required
def inbox_list(request: HttpRequest) -> HttpResponse:
    """The list alone, asked for again and again while something is being read; with it what waits, as drafts come."""
    recording(request)
    return render(request, "procurement/inbox_live.html", _rows(request))
