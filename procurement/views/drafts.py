"""逐笔核对并提交: all drafts on one page, completed and submitted together, each by the verbs of its own page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import told
from cixi_xiezuo.waits import keep, riding
from procurement import placing, workflow
from procurement.choices import Status
from procurement.editing import save_draft
from procurement.models import Purchase, Receipt
from procurement.views.sheets import Sheet, Sheets
from units.guards import recording

PER_PAGE = 50
_VERSION = re.compile(r"d(\d{1,18})-version")
_USE = re.compile(r"((d\d{1,18})-(?:l\d{1,6}|all))-use")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def drafts(request: HttpRequest) -> HttpResponse:
    recording(request)
    if request.method != "POST":
        return _page(request)
    if "same" in request.POST:
        data = _as_above(request.POST, request.POST["same"])
        return _show(request, Sheets.of(_posted(request), data))
    return _save(request)


def _rows(request: HttpRequest) -> Any:
    drafts = Purchase.objects.visible_to(request.user).editable_by(request.user).filter(status=Status.DRAFT)
    return drafts.select_related("unit__host", "supplier", "original").order_by("pk")


def _page(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("after", "")
    after = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    found = list(riding(request, _rows(request).filter(pk__gt=after))[: PER_PAGE + 1])
    if found:
        keep(request, found[0])
    return _show(request, Sheets.of(found[:PER_PAGE]), more=len(found) > PER_PAGE)


def _show(request: HttpRequest, sheets: Sheets, *, more: bool = False, status: int = 200) -> HttpResponse:
    context = {
        "sheets": sheets,
        "after": sheets.rows[-1].purchase.pk if more else None,
        "several_units": len({sheet.purchase.unit_id for sheet in sheets.rows}) > 1,
    }
    return render(request, "procurement/drafts.html", context, status=status)


def _posted(request: HttpRequest) -> list[Purchase]:
    """The drafts that the page showed, whatever has become of them; 404 where one is not the person's."""
    asked = {int(match[1]) for name in request.POST if (match := _VERSION.fullmatch(name))}
    mine = Purchase.objects.visible_to(request.user).editable_by(request.user).filter(pk__in=asked)
    found = list(mine.select_related("unit__host", "supplier", "original").order_by("pk"))
    if len(found) != len(asked):
        raise Http404
    return found


def _as_above(data: Any, asked: str) -> Any:
    """The posted values with 同上 done for one line: without scripts, a round trip does it."""
    copied = data.copy()
    lines = [match.groups() for name in data if (match := _USE.fullmatch(name))]
    places = [prefix for prefix, _ in lines]
    index = places.index(asked) if asked in places else 0
    if index:
        (here, draft), (above, other) = lines[index], lines[index - 1]
        for name in ("use", "region", "holiday"):
            copied[f"{here}-{name}"] = data.get(f"{above}-{name}", "")
        if draft != other:
            copied[f"{draft}-channel"] = data.get(f"{other}-channel", "")
    return copied


@dataclass(slots=True)
class _Done:
    """What became of the drafts: `kept` were stored, `refused` and `unsaved` say by id why not more."""

    submitted: list[str] = field(default_factory=list)
    kept: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    unsaved: dict[int, Sheet] = field(default_factory=dict)


def _save(request: HttpRequest) -> HttpResponse:
    """Store what was typed and submit what is picked, each draft by itself; nothing typed is lost."""
    posted = _posted(request)
    sheets = Sheets.of(posted, request.POST)
    done = _Done()
    if not sheets.fill.is_valid():
        return _show(request, sheets, status=422)
    everything = "pick_all" in request.POST
    for sheet in sheets.rows:
        _save_one(request, sheet, sheets, done, everything=everything)
    _split(request)
    _say(request, done, posted)
    if not done.refused and not done.unsaved:
        return redirect("drafts")
    return _again(request, done)


def _save_one(request: HttpRequest, sheet: Sheet, sheets: Sheets, done: _Done, *, everything: bool) -> None:
    pk = sheet.purchase.pk
    if not sheet.is_valid():
        sheet.outcome = "还没有保存：有几处填写需要改正，已标出"
        done.unsaved[pk] = sheet
        return
    picked = everything or sheet.form.cleaned_data["pick"]
    if not picked and not sheet.touched:
        return
    try:
        saved = save_draft(
            sheet.purchase,
            by=request.user,
            version=sheet.form.cleaned_data["version"],
            head=sheet.head(sheets.fill, picked=picked),
            lines=sheet.kept(sheets.fill, picked=picked),
        )
    except Refused as refused:
        sheet.outcome = f"还没有保存：{refused}"
        done.unsaved[pk] = sheet
        return
    done.kept += 1
    if picked and "submit" in request.POST:
        try:
            workflow.submit(saved, by=request.user, version=saved.version)
        except Refused as refused:
            done.refused[pk] = f"已保存，还没有提交：{refused}"
        else:
            done.submitted.append(saved.number)


def _split(request: HttpRequest) -> None:
    asked = request.POST.get("split", "")
    if asked.isdecimal():
        mine = recording(request).recordable()
        rows = Receipt.objects.visible_to(request.user).filter(unit__in=mine)
        receipt = get_object_or_404(rows, pk=int(asked))
        with told(request, f"“{receipt}”已移回收件箱，可归入其他采购，或单独生成草稿"):
            placing.move(receipt, to=None, by=request.user)


def _say(request: HttpRequest, done: _Done, posted: list[Purchase]) -> None:
    if done.submitted:
        messages.success(request, f"已提交 {len(done.submitted)} 笔：{'、'.join(done.submitted)}")
    failed = len(done.refused) + len(done.unsaved)
    if failed:
        messages.error(request, f"有 {failed} 笔没有提交或没有保存，原因见各笔；其余不受影响")
    elif "submit" in request.POST and not done.submitted:
        messages.error(
            request, "请先勾选要提交的采购；填写的内容已保存" if done.kept else "请先勾选要提交的采购"
        )
    elif not done.submitted and "split" not in request.POST:
        messages.success(request, "已保存" if posted else "没有草稿")


def _again(request: HttpRequest, done: _Done) -> HttpResponse:
    """The page with the outcomes: what was not saved as it was typed, the others as they are stored now."""
    found = list(_rows(request)[: PER_PAGE + 1])
    sheets = Sheets.of(found[:PER_PAGE])
    rows: Mapping[int, Sheet] = {sheet.purchase.pk: sheet for sheet in sheets.rows} | done.unsaved
    for pk, why in done.refused.items():
        if pk in rows:
            rows[pk].outcome, rows[pk].form.initial["pick"] = why, True
    sheets.rows = [rows[pk] for pk in sorted(rows)]
    return _show(request, sheets, more=len(found) > PER_PAGE, status=422)
