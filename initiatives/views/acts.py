"""What is done to a record from its page: its state, its purchases, its files."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from cixi_xiezuo.pages import told
from initiatives import evidence, outlet_sales, photos, records
from initiatives.forms import sentence
from initiatives.forms_lasting import DatedForm, MoveForm
from initiatives.forms_sales import SalesForm
from initiatives.kinds import KINDS
from initiatives.lasting import dated
from initiatives.models import Evidence, Record
from procurement.models import Purchase
from procurement.originals import handed_out
from units.guards import taking_part


def _mine(request: HttpRequest, pk: int) -> Record:
    taking_part(request)
    return get_object_or_404(Record.objects.visible_to(request.user).editable_by(request.user), pk=pk)


@require_POST
@login_required
def move(request: HttpRequest, pk: int) -> HttpResponse:
    record, form = _mine(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, sentence(form))
        return redirect("record", pk)
    with told(request, "已更新状态"):
        reason, day = request.POST.get("reason", "")[:500], form.cleaned_data["day"]
        records.move(record, request.POST.get("verb", ""), by=request.user, reason=reason, day=day)
    return redirect("record", pk)


@require_POST
@login_required
def change_from(request: HttpRequest, pk: int) -> HttpResponse:
    """A field of a record that lasts is another from a day on."""
    record = _mine(request, pk)
    kind, name = KINDS[record.kind], request.POST.get("field", "")
    if name not in dict(dated(kind)):
        raise Http404
    form = DatedForm(record, kind, name, request.POST)
    if not form.is_valid():
        messages.error(request, sentence(form))
        return redirect("record", pk)
    with told(request, f"{form.label}已变更"):
        records.change_from(record, name, form.stored(), form.cleaned_data["since"], by=request.user)
    return redirect("record", pk)


@require_POST
@login_required
def link(request: HttpRequest, pk: int) -> HttpResponse:
    record, number = _mine(request, pk), request.POST.get("number", "").replace("\0", "").strip()[:64]
    purchase = Purchase.objects.visible_to(request.user).filter(number=number).first()
    if purchase is None:
        messages.error(request, f"没有编号为“{number}”的采购，或不在您的范围内，请核对")
    else:
        with told(request, f"已关联采购 {purchase.number}"):
            records.link(record, purchase, by=request.user)
    return redirect("record", pk)


@require_POST
@login_required
def sales(request: HttpRequest, pk: int) -> HttpResponse:
    """An outlet's month: on success the purchase opens, to be completed with its receipts and submitted."""
    record = _mine(request, pk)
    if not outlet_sales.may_report(request.user, record):
        raise Http404
    form = SalesForm(request.POST)
    if not form.is_valid():
        messages.error(request, sentence(form))
        return redirect("record", pk)
    with told(request, "已生成商务帮扶采购草稿，请上传票据后提交"):
        made = outlet_sales.report_sales(record, form.sales(), by=request.user)
        return redirect("purchase", made.pk)
    return redirect("record", pk)


@require_POST
@login_required
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    record, asked = _mine(request, pk), request.POST.get("link", "")
    made = get_object_or_404(
        record.links.select_related("record", "purchase"), pk=int(asked) if asked.isdecimal() else 0
    )
    with told(request, "已取消关联"):
        records.unlink(made, by=request.user)
    return redirect("record", pk)


@require_POST
@login_required
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    record, files = _mine(request, pk), request.FILES.getlist("files")
    if not files:
        messages.error(request, "请选择要上传的文件")
    for file in files:
        with told(request, "已上传"):
            evidence.attach(record, file, by=request.user)
    return redirect("record", pk)


@require_POST
@login_required
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Evidence.objects.select_related("record"), pk=pk)
    _mine(request, found.record_id)
    with told(request, "已删除佐证"):
        evidence.detach(found, by=request.user)
    return redirect("record", found.record_id)


def _seen(request: HttpRequest, pk: int) -> Evidence:
    taking_part(request)
    seen = Record.objects.visible_to(request.user).values("pk")
    kept = Evidence.objects.select_related("file", "record__unit").filter(record__in=seen)
    return get_object_or_404(kept, pk=pk)


@require_safe
@login_required
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture among the evidence, drawn anew."""
    return photos.shown(_seen(request, pk).file)


@require_safe
@login_required
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _seen(request, pk)
    return handed_out(request, found.file, found.name, lambda: evidence.note_download(found, by=request.user))
