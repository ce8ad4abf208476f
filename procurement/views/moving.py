"""Where a receipt goes: to another purchase, back to the inbox, or into a draft of its own."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from cixi_xiezuo.errors import Refused
from procurement import placing
from procurement.models import Purchase, Receipt
from units.guards import recording


@require_POST
@login_required
def receipt_move(request: HttpRequest, pk: int) -> HttpResponse:
    """To another purchase (`to`: its id), back to the inbox ("inbox"), or into a draft of its own ("new")."""
    mine = recording(request).recordable()
    receipt = get_object_or_404(Receipt.objects.visible_to(request.user).filter(unit__in=mine), pk=pk)
    to = request.POST.get("to", "")
    if not to:
        messages.error(request, "请先选择归入哪一笔采购")
        return redirect("inbox")
    try:
        if to == "new":
            return redirect("purchase", pk=placing.start(receipt, by=request.user).pk)
        if to == "inbox":
            placing.move(receipt, to=None, by=request.user)
            messages.success(request, f"“{receipt}”已移回收件箱，可归入其他采购，或单独生成草稿")
        else:
            asked = int(to) if to.isdecimal() else 0
            target = get_object_or_404(Purchase.objects.editable_by(request.user), pk=asked)
            placing.move(receipt, to=target, by=request.user)
            messages.success(request, f"“{receipt}”已归入采购 {target.number}")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("inbox")
