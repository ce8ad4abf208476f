"""审定 by 市商务局 and 市财政局 together, 拨付, and taking it back. Whoever decides has nothing to do with the applicant.

The scheme's row is locked before the application's, so that two decisions at once never grant more than the budget.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.money import from_fen, yuan_display, yuan_text
from initiatives.funds.applications import free, locked, moved, note_act, require_state
from initiatives.funds.figures import budget_of, paid_of
from initiatives.funds.models import Application, ApplicationState, Decision, Office, Payment, Scheme
from initiatives.funds.scope import is_own, of_either, of_finance, of_office
from procurement.choices import Status
from procurement.models import Purchase

State = ApplicationState


def _deciding(application: Application, by: Any, office: str) -> Application:
    """The application with its scheme, both locked, for an office that has not decided yet."""
    if office not in Office.values or not of_office(by, office):
        raise NotAllowed("只有市商务局、市财政局可以审定")
    Scheme.objects.select_for_update().get(pk=application.scheme_id)
    application = locked(application)
    _require_stranger(application, by)
    require_state(application, (State.SUBMITTED,), "审定")
    if application.decisions.filter(office=office).exists():
        raise Refused(f"{Office(office).label}已审定过这项申请")
    if by is not None and application.decisions.filter(by=by).exists():
        raise NotAllowed("两局须由不同的人审定")
    return application


def _require_stranger(application: Application, by: Any) -> None:
    if is_own(by, application):
        raise NotAllowed("不能审定自己经手或本单位的申请")


@transaction.atomic
def agree(
    application: Application, *, by: Any, office: str, amount: Decimal, reason: str = ""
) -> Application:
    """同意 of one office, with an amount (元). With the other's, the smaller of both is granted if the budget allows."""
    application = _deciding(application, by, office)
    if not 0 < amount <= application.requested:
        raise Refused(f"同意金额应大于 0，且不超过申请的 {yuan_display(application.requested)} 元")
    if application.scheme.most is not None and amount > application.scheme.most:
        raise Refused(f"同意金额超过单个申请最高额 {yuan_display(application.scheme.most)} 元")
    _require_evidence(application)
    _require_left(application, amount)
    Decision.objects.create(
        application=application, office=office, agreed=True, amount=amount, reason=reason.strip(), by=by
    )
    name = f"{Office(office).label}同意 {yuan_display(amount)} 元"
    note_act("同意资金申请", application, by, name=name, reason=reason.strip())
    agreed = list(application.decisions.filter(agreed=True))
    if len(agreed) < len(Office):
        return application
    application.granted = min(each.amount for each in agreed if each.amount is not None)
    _require_left(application, application.granted)
    application.decided_at = timezone.now()
    note_act("审定资金申请", application, by, total=yuan_text(application.granted))
    return moved(application, State.APPROVED)


def _require_left(application: Application, amount: Decimal) -> None:
    left = from_fen(budget_of(application.scheme).left)
    if amount > left:
        raise Refused(f"“{application.scheme}”的预算余额只有 {yuan_display(left)} 元，请减少金额或调整预算")


def _require_evidence(application: Application) -> None:
    """Every purchase put forward is approved; they can't lose that before this transaction ends."""
    held = (
        Purchase.objects.select_for_update()
        .filter(pk__in=application.links.values("purchase"))
        .order_by("pk")
    )
    lost = sum(purchase.status != Status.APPROVED for purchase in held)
    if lost:
        raise Refused(f"所依据的采购中有 {lost} 笔已不是核准状态，不能同意或拨付")


@transaction.atomic
def decline(application: Application, *, by: Any, office: str, reason: str) -> Application:
    """不同意 of either office ends it; its evidence is free again."""
    application = _deciding(application, by, office)
    if not reason.strip():
        raise Refused("请填写不同意的原因")
    Decision.objects.create(
        application=application, office=office, agreed=False, reason=reason.strip(), by=by
    )
    free(application)
    application.decided_at = timezone.now()
    note_act("不同意资金申请", application, by, name=Office(office).label, reason=reason.strip())
    return moved(application, State.DECLINED)


@transaction.atomic
def pay(
    application: Application,
    *,
    by: Any,
    paid_on: datetime.date,
    amount: Decimal,
    voucher: str,
    note: str = "",
) -> Payment:
    """拨付 by 市财政局, in one or several parts, never more than was granted and not while evidence is gone."""
    if not of_finance(by):
        raise NotAllowed("只有市财政局可以登记拨付")
    application = locked(application)
    _require_stranger(application, by)
    require_state(application, (State.APPROVED,), "登记拨付")
    _require_evidence(application)
    assert application.granted is not None
    left = application.granted - from_fen(paid_of([application.pk]).get(application.pk, 0))
    if not 0 < amount <= left:
        raise Refused(f"拨付金额应大于 0，且不超过未拨付的 {yuan_display(left)} 元")
    if paid_on > timezone.localdate():
        raise Refused(f"拨付日期 {paid_on} 晚于今天，请核对")
    if not voucher.strip():
        raise Refused("请填写凭证号")
    made = Payment.objects.create(
        application=application,
        paid_on=paid_on,
        amount=amount,
        voucher=voucher.strip(),
        note=note.strip(),
        by=by,
    )
    note_act("拨付扶持资金", application, by, total=yuan_text(amount), number=made.voucher)
    if amount == left:
        moved(application, State.PAID)
    return made


@transaction.atomic
def rescind(application: Application, *, by: Any, reason: str) -> Application:
    """撤销审定 by either office: what is not paid yet goes back to the budget."""
    if not of_either(by):
        raise NotAllowed("只有市商务局、市财政局可以撤销审定")
    Scheme.objects.select_for_update().get(pk=application.scheme_id)
    application = locked(application)
    _require_stranger(application, by)
    require_state(application, (State.APPROVED,), "撤销审定")
    if not reason.strip():
        raise Refused("请填写撤销审定的原因")
    before = application.granted
    application.granted = from_fen(paid_of([application.pk]).get(application.pk, 0))
    if not application.granted:
        free(application)
    note_act(
        "撤销资金审定",
        application,
        by,
        reason=reason.strip(),
        changes={"审定金额": [yuan_text(before), yuan_text(application.granted)]},
    )
    return moved(application, State.RESCINDED)
