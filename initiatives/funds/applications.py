"""An application until it is submitted: what is asked for, and what is put forward for it.

Each verb is one transaction with its word in the trail of the applicant. Refused (Chinese sentence) changes nothing;
NotAllowed where it is not the person's to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.money import yuan_text
from initiatives import rights
from initiatives.funds.checks import Matter, remarks
from initiatives.funds.models import (
    Application,
    ApplicationPurchase,
    ApplicationRecord,
    ApplicationState,
    Scheme,
)
from initiatives.funds.scope import is_office, is_theirs
from initiatives.models import Record
from procurement.choices import Status
from procurement.models import Purchase
from units.models import Unit

BASES = ("pledge",)
"""Kinds of records that may be evidence: 认领与协议."""


@dataclass(frozen=True, slots=True)
class Content:
    """`requested` in 元."""

    title: str
    text: str
    requested: Decimal


def subject_of(application: Application) -> str:
    return f"资金申请 {application.pk}"


def note_act(action: str, application: Application, by: Any, **detail: Any) -> None:
    audit.record(action, by=by, subject=subject_of(application), stream=application.unit.code, **detail)


def locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("unit", "scheme")
    return rows.get(pk=application.pk)


def require_state(application: Application, states: tuple[str, ...], doing: str) -> None:
    if application.state not in states:
        raise Refused(f"“{application}”目前为“{application.get_state_display()}”，不能{doing}，请刷新页面")


def _mine(application: Application, by: Any, doing: str) -> Application:
    """A draft of the person's own unit, its row locked."""
    application = locked(application)
    if not is_theirs(by, application):
        raise NotAllowed("您没有为该单位申请的权限")
    require_state(application, (ApplicationState.DRAFT,), doing)
    return application


def moved(application: Application, state: ApplicationState) -> Application:
    application.state, application.changed_at = state, timezone.now()
    application.save()
    return application


def free(application: Application) -> None:
    """Its evidence may support another application."""
    application.links.update(live=False)
    application.record_links.update(live=False)


def _filled(application: Application, content: Content) -> None:
    if not content.title.strip() or not content.text.strip():
        raise Refused("请填写项目名称和申请理由")
    if content.requested <= 0:
        raise Refused("申请金额应大于 0")
    application.title, application.text = content.title.strip(), content.text.strip()
    application.requested = content.requested
    application.save()


def _words(application: Application) -> dict[str, Any]:
    return {
        "项目名称": application.title,
        "申请理由": application.text,
        "申请金额": yuan_text(application.requested),
    }


@transaction.atomic
def apply(scheme: Scheme, unit: Unit, content: Content, *, by: Any) -> Application:
    """申请: a draft of the unit. The two offices that decide do not apply."""
    if not rights.may_record(by, unit):
        raise NotAllowed("您没有为该单位申请的权限")
    if is_office(unit):
        raise Refused(f"“{unit}”负责审定扶持资金，不能申请")
    application = Application(scheme=scheme, unit=unit, opened_by=by)
    _filled(application, content)
    note_act("申请扶持资金", application, by, title=str(scheme), values=_words(application))
    return application


@transaction.atomic
def change(application: Application, content: Content, *, by: Any) -> Application:
    """修改申请, while it is a draft."""
    application = _mine(application, by, "修改")
    before = _words(application)
    _filled(application, content)
    after = _words(application)
    changes = audit.differences(before, after)
    if changes:
        note_act("修改资金申请", application, by, changes=changes)
    return application


@transaction.atomic
def link(application: Application, purchase: Purchase, *, by: Any) -> ApplicationPurchase:
    """关联采购 as evidence: an approved one of the applicant or its union, that supports no other application."""
    application = _mine(application, by, "关联采购")
    purchase = Purchase.objects.select_for_update(of=("self",)).select_related("unit").get(pk=purchase.pk)
    if application.unit_id not in (purchase.unit_id, purchase.unit.host_id):
        raise Refused(f"采购 {purchase.number} 不是“{application.unit}”或其工会的采购，不能作为依据")
    if purchase.is_refund:
        raise Refused(f"采购 {purchase.number} 是退货，随原采购计算，不必关联")
    if purchase.status != Status.APPROVED:
        raise Refused(f"采购 {purchase.number} 目前为“{purchase.get_status_display()}”，核准后才能作为依据")
    try:
        with transaction.atomic():
            made = ApplicationPurchase.objects.create(application=application, purchase=purchase)
    except IntegrityError:
        raise Refused(f"采购 {purchase.number} 已是一项申请的依据，一笔采购只能用一次") from None
    note_act("关联申请依据", application, by, number=purchase.number)
    return made


@transaction.atomic
def link_record(application: Application, record: Record, *, by: Any) -> ApplicationRecord:
    """关联基地或协议 of the applicant as evidence."""
    application = _mine(application, by, "关联")
    if record.kind not in BASES or record.unit_id != application.unit_id:
        raise Refused(f"“{record}”不是“{application.unit}”的认领与协议，不能作为依据")
    try:
        with transaction.atomic():
            made = ApplicationRecord.objects.create(application=application, record=record)
    except IntegrityError:
        raise Refused(f"“{record}”已是一项申请的依据，只能用一次") from None
    note_act("关联申请依据", application, by, name=record.title)
    return made


@transaction.atomic
def unlink(made: ApplicationPurchase | ApplicationRecord, *, by: Any) -> None:
    """取消关联, while it is a draft."""
    application = _mine(made.application, by, "取消关联")
    of = made.purchase.number if isinstance(made, ApplicationPurchase) else made.record.title
    if not type(made)._default_manager.filter(pk=made.pk).delete()[0]:
        raise Refused("已取消关联，请刷新页面")
    note_act("取消申请依据", application, by, number=of)


@transaction.atomic
def submit(application: Application, *, by: Any) -> Application:
    """提交 to both offices. Refused with everything that is in the way."""
    application = _mine(application, by, "提交")
    stops = [remark.message for remark in remarks(application, Matter.of(application)) if remark.blocks]
    if stops:
        raise Refused("；".join(stops))
    application.submitted_by = by
    note_act("提交资金申请", application, by, values=_words(application))
    return moved(application, ApplicationState.SUBMITTED)


@transaction.atomic
def withdraw(application: Application, *, by: Any, reason: str) -> Application:
    """撤回 by the applicant, until it is decided; its evidence is free again."""
    application = locked(application)
    if not is_theirs(by, application):
        raise NotAllowed("只有申请单位的人员可以撤回申请")
    require_state(application, (ApplicationState.DRAFT, ApplicationState.SUBMITTED), "撤回")
    if not reason.strip():
        raise Refused("请填写撤回的原因")
    free(application)
    note_act("撤回资金申请", application, by, reason=reason.strip())
    return moved(application, ApplicationState.WITHDRAWN)
