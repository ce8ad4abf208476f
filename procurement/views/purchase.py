"""One purchase: the clerk's form while it can be changed, a page to read otherwise."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cixi_xiezuo.errors import Refused, Stale
from cixi_xiezuo.pages import told
from cixi_xiezuo.waits import keep, riding
from procurement import attachments, placing, workflow
from procurement.answering import answer, typed
from procurement.checks import Subject
from procurement.choices import EDITABLE, Status
from procurement.doubts import answered
from procurement.editing import save_draft
from procurement.history import events_of
from procurement.marks import Marks, marks_of, pending
from procurement.models import Blacklisting, Purchase
from procurement.rehoming import OTHER_BUYER, buyer_among, rehome
from procurement.views.editor import AGAIN, Editor
from procurement.views.papers import Paper, papers_of
from units.guards import recording
from units.models import Unit
from units.scope import Scope


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def purchase(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Purchase.objects.visible_to(request.user).select_related("unit__host", "supplier", "original")
    listed = Exists(Blacklisting.objects.of_supplier("supplier").in_force(OuterRef("date")))
    counted: Any = riding(request, visible.annotate(listed=listed))
    found = get_object_or_404(counted, pk=pk)
    keep(request, found)
    mine = Scope.of(request.user).may_record(found.unit)
    if mine and found.status in EDITABLE:
        subject = Subject(found)
        return _save(request, subject) if request.method == "POST" else _form(request, subject)
    if request.method == "POST":
        messages.error(request, f"采购 {found.number} 目前为“{found.get_status_display()}”，不能修改")
        return redirect("purchase", pk=pk)
    return _read_only(request, found, mine=mine)


def _read_only(request: HttpRequest, found: Purchase, *, mine: bool) -> HttpResponse:
    lines = list(found.lines.select_related("region", "responsible"))
    return render(
        request,
        "procurement/purchase_view.html",
        {
            "purchase": found,
            "lines": lines,
            "claimed": sum(line.amount for line in lines),
            "recognised": sum(line.recognised for line in lines if line.recognised is not None),
            "papers": papers_of(found.receipts.select_related("file")),
            "refunds": found.refunds.order_by("pk"),
            "events": events_of(found),
            "may_withdraw": mine and found.status == Status.SUBMITTED,
            "may_repeat": mine and not found.is_refund,
            "may_refund": mine and found.status == Status.APPROVED and not found.is_refund,
        },
    )


def _form(
    request: HttpRequest, subject: Subject, editor: Editor | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "purchase": subject.purchase,
        "editor": editor or Editor.of(subject, part=request.GET.get("part")),
        "marks": marks_of(subject),
        "papers": papers_of(subject.receipts, request.POST if editor else None),
        "pending": bool(pending(subject.receipts)),
    }
    context["belongs_to"] = _belongs_to(request, subject, context["marks"])
    context["answers"] = answered(subject.purchase, context["marks"].every, typed(request.POST))
    context["editor"].mark(context["marks"])
    return render(request, "procurement/purchase_form.html", context, status=status)


def _belongs_to(request: HttpRequest, subject: Subject, marks: Marks) -> Unit | None:
    """The other of the person's units that the invoice was made out to. No query but where it names another buyer."""
    if subject.purchase.status != Status.DRAFT or all(doubt.code != OTHER_BUYER for doubt in marks.every):
        return None
    return buyer_among(subject, Scope.of(request.user).recordable())


@require_safe
@login_required
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipts alone, asked for again while one of them is being read."""
    mine = Purchase.objects.visible_to(request.user).editable_by(request.user)
    found = get_object_or_404(mine.filter(status__in=EDITABLE), pk=pk)
    receipts = list(found.receipts.select_related("file"))
    context = {"purchase": found, "papers": papers_of(receipts), "pending": bool(pending(receipts))}
    return render(request, "procurement/papers_live.html", context)


@require_safe
@login_required
def trail(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened to it, put into the form after it is shown."""
    visible = Purchase.objects.visible_to(request.user).select_related("unit")
    found = get_object_or_404(visible, pk=pk)
    return render(request, "procurement/trail.html", {"events": events_of(found)})


def _save(request: HttpRequest, subject: Subject) -> HttpResponse:
    found = subject.purchase
    editor = Editor.of(subject, request.POST, request.POST.get("part"))
    shown = papers_of(subject.receipts, request.POST)
    if not request.POST.keys().isdisjoint(AGAIN):
        return _form(request, subject, editor)
    checked = [editor.is_valid(), *(paper.form.is_valid() for paper in shown)]
    version = request.POST.get("version", "")
    if not all(checked) or not version.isdecimal():
        messages.error(request, "还没有保存：有几处填写需要改正，已在下面标出")
        return _form(request, subject, editor, status=422)
    try:
        saved = save_draft(
            found,
            by=request.user,
            version=int(version),
            head=editor.head_to_keep(accept="accept" in request.POST),
            lines=editor.lines_to_keep(accept="accept" in request.POST),
        )
    except Stale as stale:
        messages.error(request, f"还没有保存：{stale}")
        return _form(request, subject, editor, status=409)
    except Refused as refused:
        messages.error(request, f"还没有保存：{refused}")
        return _form(request, subject, editor, status=422)
    with told(request):
        answer(saved, typed(request.POST), by=request.user)
    if not _attend_receipts(request, saved, shown):
        return redirect("inbox")
    if "submit" in request.POST:
        return _submit(request, saved)
    messages.success(request, "已保存")
    return redirect(_address(saved, request.POST.get("go_part") or request.POST.get("part")))


def _address(saved: Purchase, part: str | None = None) -> str:
    address = reverse("purchase", args=[saved.pk])
    return f"{address}?part={int(part)}" if part and part.isdecimal() and int(part) > 1 else address


def _attend_receipts(request: HttpRequest, saved: Purchase, shown: list[Paper]) -> bool:
    """Corrections, moves, a removal and new files, told one by one. Whether the purchase is still to be changed."""
    removed, split = request.POST.get("remove_receipt", ""), request.POST.get("split_receipt", "")
    for paper in shown:
        receipt, described, to = paper.receipt, paper.form.described, paper.form.cleaned_data["to"]
        if described is not None:
            with told(request):
                attachments.describe(receipt, by=request.user, **described)
        if str(receipt.pk) == removed:
            with told(request, f"已删除票据“{receipt}”"):
                attachments.remove(receipt, by=request.user)
        elif str(receipt.pk) == split:
            with told(request, f"“{receipt}”已移回收件箱，可归入其他采购，或单独生成草稿"):
                placing.move(receipt, to=None, by=request.user)
        elif to is not None:
            with told(request, f"“{receipt}”已归入采购 {to.number}"):
                placing.move(receipt, to=to, by=request.user)
    Editor.attach(request, saved)
    saved.refresh_from_db(fields=["status"])
    return saved.status in EDITABLE


def _submit(request: HttpRequest, saved: Purchase) -> HttpResponse:
    try:
        workflow.submit(saved, by=request.user, version=saved.version)
    except Refused as refused:
        messages.error(request, f"已保存，还没有提交：{refused}")
        return redirect(_address(saved, request.POST.get("part")))
    drafts = Purchase.objects.filter(unit=saved.unit, status=Status.DRAFT).order_by("pk")
    following = drafts.filter(pk__gt=saved.pk).first() or drafts.first()
    if following is not None and request.POST.get("submit") == "next":
        there = format_html('<a href="{}">{}</a>', _address(saved), saved.number)
        messages.success(request, format_html("采购 {} 已提交审核，这是下一份草稿", there))
        return redirect("purchase", pk=following.pk)
    messages.success(request, f"采购 {saved.number} 已提交审核")
    return redirect("purchase", pk=saved.pk)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Purchase.objects.visible_to(request.user), pk=pk)
    with told(request, f"采购 {found.number} 已撤回，修改后可再提交"):
        workflow.withdraw(found, by=request.user)
    return redirect("purchase", pk=pk)


@require_POST
@login_required
def to_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft goes to another of the person's units."""
    mine = recording(request).recordable()
    found = get_object_or_404(Purchase.objects.editable_by(request.user), pk=pk)
    unit = get_object_or_404(mine, code=request.POST.get("unit", ""))
    with told(request):
        moved = rehome(found, to=unit, by=request.user)
        messages.success(request, f"采购 {found.number} 已改到{unit}，新的编号是 {moved.number}")
        return redirect("purchase", pk=moved.pk)
    return redirect("purchase", pk=pk)


@require_POST
@login_required
def void(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Purchase.objects.visible_to(request.user), pk=pk)
    with told(request, f"采购 {found.number} 已作废"):
        workflow.void(found, by=request.user)
    return redirect("purchase", pk=pk)
