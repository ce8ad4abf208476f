"""What is done to a complaint: filed, inspected, found, closed; declined or taken back. Each verb is one transaction with
its word in the trail of the complaining unit. Refused (Chinese sentence) changes nothing; NotAllowed where it is not the
person's to do. A closed year holds none of it up: no figure depends on a complaint.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives import rights
from initiatives.market.models import Complaint, ComplaintState, Finding
from initiatives.market.scope import is_theirs
from initiatives.offices import supervises_market
from procurement.models import Purchase
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Content:
    """`purchase`: the one it is about, which the person may see; its supplier is meant then."""

    sort: str
    supplier: str
    happened_on: datetime.date
    text: str
    product: str = ""
    purchase: Purchase | None = None


def subject_of(complaint: Complaint) -> str:
    return f"投诉 {complaint.pk}"


def note_act(action: str, complaint: Complaint, by: Any, **detail: Any) -> None:
    audit.record(action, by=by, subject=subject_of(complaint), stream=complaint.unit.code, **detail)


def locked(complaint: Complaint) -> Complaint:
    return Complaint.objects.select_for_update(of=("self",)).select_related("unit").get(pk=complaint.pk)


def _office(by: Any) -> None:
    if not supervises_market(by):
        raise NotAllowed("只有市场监管、农业农村、商务、文化和旅游部门可以处理投诉")


def _handled(complaint: Complaint, by: Any, state: ComplaintState, doing: str) -> Complaint:
    """The complaint, its row locked, for an office and in the state that the verb begins from."""
    _office(by)
    complaint = locked(complaint)
    if complaint.state != state:
        raise Refused(f"投诉 {complaint.pk} 目前为“{complaint.get_state_display()}”，不能{doing}，请刷新页面")
    return complaint


def _moved(complaint: Complaint, state: ComplaintState) -> Complaint:
    complaint.state, complaint.changed_at = state, timezone.now()
    complaint.save()
    return complaint


def _said(text: str, label: str) -> str:
    if not text.strip():
        raise Refused(f"请填写{label}")
    return text.strip()


def _past(day: datetime.date, label: str) -> datetime.date:
    if day > timezone.localdate():
        raise Refused(f"{label} {day} 晚于今天，请核对")
    return day


@transaction.atomic
def file_complaint(unit: Unit, content: Content, *, by: Any) -> Complaint:
    """投诉: from anybody who takes part, for a unit that they work for."""
    if not rights.may_record(by, unit):
        raise NotAllowed("您没有为该单位投诉的权限")
    supplier = content.supplier.strip()
    if content.purchase is not None and content.purchase.supplier is not None:
        supplier = content.purchase.supplier.name
    complaint = Complaint.objects.create(
        unit=unit,
        sort=content.sort,
        supplier=_said(supplier, "被投诉的供应商"),
        product=content.product.strip(),
        purchase=content.purchase,
        happened_on=_past(content.happened_on, "发现日期"),
        text=_said(content.text, "情况"),
        opened_by=by,
    )
    number = content.purchase.number if content.purchase else ""
    note_act("投诉", complaint, by, title=f"{complaint.get_sort_display()}：{supplier}", number=number)
    return complaint


@transaction.atomic
def withdraw(complaint: Complaint, *, by: Any, reason: str) -> Complaint:
    """撤回 by the unit that complained, before anybody inspected."""
    complaint = locked(complaint)
    if not is_theirs(by, complaint):
        raise NotAllowed("只有投诉单位的人员可以撤回投诉")
    if complaint.state != ComplaintState.FILED:
        raise Refused(f"投诉 {complaint.pk} 目前为“{complaint.get_state_display()}”，不能撤回，请刷新页面")
    note_act("撤回投诉", complaint, by, reason=_said(reason, "撤回的原因"))
    return _moved(complaint, ComplaintState.WITHDRAWN)


@transaction.atomic
def decline(complaint: Complaint, *, by: Any, reason: str) -> Complaint:
    """不予受理, with the reason."""
    complaint = _handled(complaint, by, ComplaintState.FILED, "不予受理")
    complaint.outcome = _said(reason, "不予受理的原因")
    note_act("不予受理投诉", complaint, by, reason=complaint.outcome)
    return _moved(complaint, ComplaintState.DECLINED)


@transaction.atomic
def inspect(complaint: Complaint, *, by: Any, inspected_on: datetime.date, inspection: str) -> Complaint:
    """检查: when, and what was seen."""
    complaint = _handled(complaint, by, ComplaintState.FILED, "登记检查")
    complaint.inspected_on = _past(inspected_on, "检查日期")
    complaint.inspection = _said(inspection, "检查情况")
    note_act("登记投诉检查", complaint, by, name=f"{inspected_on} {complaint.inspection}")
    return _moved(complaint, ComplaintState.INSPECTED)


@transaction.atomic
def find(complaint: Complaint, *, by: Any, finding: str, finding_text: str) -> Complaint:
    """认定: whether it is so, and why."""
    complaint = _handled(complaint, by, ComplaintState.INSPECTED, "认定")
    if finding not in Finding.values:
        raise Refused("认定应为：" + "、".join(Finding.labels))
    complaint.finding, complaint.finding_text = finding, _said(finding_text, "认定说明")
    note_act("认定投诉", complaint, by, name=f"{complaint.get_finding_display()}：{complaint.finding_text}")
    return _moved(complaint, ComplaintState.FOUND)


@transaction.atomic
def close(complaint: Complaint, *, by: Any, outcome: str) -> Complaint:
    """办结: what was done about it."""
    complaint = _handled(complaint, by, ComplaintState.FOUND, "办结")
    complaint.outcome = _said(outcome, "处理结果")
    note_act("办结投诉", complaint, by, name=complaint.outcome)
    return _moved(complaint, ComplaintState.CLOSED)


@transaction.atomic
def reopen(complaint: Complaint, *, by: Any, reason: str) -> Complaint:
    """重新检查 a closed one; what was found before stays in the trail."""
    complaint = _handled(complaint, by, ComplaintState.CLOSED, "重新检查")
    note_act("重新检查投诉", complaint, by, reason=_said(reason, "重新检查的原因"))
    complaint.finding, complaint.finding_text, complaint.outcome = "", "", ""
    complaint.inspected_on, complaint.inspection = None, ""
    return _moved(complaint, ComplaintState.FILED)
