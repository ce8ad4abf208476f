"""A purchase typed by hand: without an e-invoice, or the refund of an earlier one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cixi_xiezuo.errors import Refused
from procurement.choices import Status
from procurement.editing import buy_again, create_draft
from procurement.models import Purchase
from procurement.views.editor import AGAIN, Editor
from units.models import Unit
from units.scope import Scope


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_purchase(request: HttpRequest) -> HttpResponse:
    units = list(Scope.of(request.user).recordable().order_by("code"))
    original = _original(request)
    unit = original.unit if original else _unit(request, units)
    editor = Editor.blank(unit, request.POST if request.method == "POST" else None, original)
    context = {"unit": unit, "units": units, "editor": editor, "original": original}
    if request.method != "POST" or not request.POST.keys().isdisjoint({*AGAIN, "choose_unit"}):
        return render(request, "procurement/purchase_new.html", context)
    if not editor.is_valid():
        messages.error(request, "还没有保存：有几处填写需要改正，已在下面标出")
        return render(request, "procurement/purchase_new.html", context, status=422)
    try:
        saved = create_draft(unit, by=request.user, head=editor.head.head(), lines=editor.lines_to_keep())
    except Refused as refused:
        messages.error(request, f"还没有保存：{refused}")
        return render(request, "procurement/purchase_new.html", context, status=422)
    Editor.attach(request, saved)
    messages.success(request, f"已保存为草稿 {saved.number}，补齐后请提交")
    return redirect("purchase", pk=saved.pk)


@require_POST
@login_required
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """再买一次: a draft like an earlier purchase of the person's own units."""
    mine = Purchase.objects.visible_to(request.user).editable_by(request.user)
    earlier = get_object_or_404(mine.select_related("unit", "supplier"), pk=pk)
    try:
        draft = buy_again(earlier, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("purchase", pk=pk)
    messages.success(
        request, f"已照 {earlier.number} 登记草稿 {draft.number}，日期是今天；请核对金额并上传票据"
    )
    return redirect("purchase", pk=draft.pk)


def _original(request: HttpRequest) -> Purchase | None:
    """The approved purchase whose refund is asked for by `?original=`."""
    asked = request.GET.get("original", "")
    if not asked.isdecimal():
        return None
    mine = Purchase.objects.visible_to(request.user).editable_by(request.user)
    return get_object_or_404(mine.filter(status=Status.APPROVED, original=None), pk=int(asked))


def _unit(request: HttpRequest, units: list[Unit]) -> Unit:
    code = request.POST.get("unit") or request.GET.get("unit")
    if not units:
        raise Http404
    if not code:
        home = Scope.of(request.user).home
        return next((unit for unit in units if unit == home), units[0])
    found = next((unit for unit in units if unit.code == code), None)
    if found is None:
        raise Http404
    return found
