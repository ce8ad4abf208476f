"""建议撤销核准: what an inspection found wrong is asked to be taken back. 市商务局 does it by the workflow's own verb, or says why not."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives.inspection.models import OPEN, Inspection, RequestState, RevocationRequest
from initiatives.inspection.scope import decides
from initiatives.inspection.verbs import locked, note_act, require_office, require_state, said
from procurement import workflow
from procurement.choices import Status
from procurement.models import Purchase


@transaction.atomic
def ask(inspection: Inspection, *, by: Any, number: str, reason: str) -> RevocationRequest:
    """建议撤销核准 of an approved purchase of the inspected unit; one at a time for a purchase."""
    require_office(by)
    inspection = locked(inspection)
    require_state(inspection, OPEN, "建议撤销核准")
    purchase = Purchase.objects.filter(number=number.strip(), unit=inspection.unit).first()
    if purchase is None:
        raise Refused(f"“{inspection.unit}”没有编号为“{number.strip()}”的采购，请核对")
    if purchase.status != Status.APPROVED:
        raise Refused(f"采购 {purchase.number} 目前为“{purchase.get_status_display()}”，没有核准可撤销")
    try:
        with transaction.atomic():
            made = RevocationRequest.objects.create(
                inspection=inspection, purchase=purchase, reason=said(reason, "理由"), asked_by=by
            )
    except IntegrityError:
        raise Refused(f"已建议撤销采购 {purchase.number} 的核准，正待市商务局处理") from None
    note_act("建议撤销核准", inspection, by, number=purchase.number, reason=made.reason)
    return made


def _undecided(request: RevocationRequest, by: Any) -> RevocationRequest:
    if not decides(by):
        raise NotAllowed("撤销核准的建议由市商务局处理")
    rows = RevocationRequest.objects.select_for_update(of=("self",))
    request = rows.select_related("purchase", "inspection__unit").get(pk=request.pk)
    if request.state != RequestState.ASKED:
        raise Refused(f"这项建议已处理：{request.get_state_display()}")
    return request


def _decided(request: RevocationRequest, state: RequestState, by: Any, decision: str) -> RevocationRequest:
    request.state, request.decided_by, request.decision = state, by, decision
    request.decided_at = timezone.now()
    request.save()
    return request


@transaction.atomic
def carry_out(request: RevocationRequest, *, by: Any) -> RevocationRequest:
    """采纳: the approval is taken back (workflow.revoke, with all that it asks for). One revoked meanwhile is only noted."""
    request = _undecided(request, by)
    purchase = request.purchase
    if purchase.status == Status.APPROVED:
        workflow.revoke(purchase, by=by, reason=f"督查建议：{request.reason}")
    note_act("采纳撤销核准建议", request.inspection, by, number=purchase.number)
    return _decided(request, RequestState.DONE, by, "")


@transaction.atomic
def decline(request: RevocationRequest, *, by: Any, reason: str) -> RevocationRequest:
    """不采纳, with the reason."""
    request = _undecided(request, by)
    decision = said(reason, "不采纳的原因")
    note_act("不采纳撤销核准建议", request.inspection, by, number=request.purchase.number, reason=decision)
    return _decided(request, RequestState.DECLINED, by, decision)
