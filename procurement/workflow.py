"""The only place that changes a purchase's status.

draft → submitted (→ 初审通过, still submitted) → approved | returned; returned → submitted; submitted → draft (taken back);
approved → revoked; draft | returned → void. Each verb is one transaction: status, sums and audit entry are
stored together or not at all. Every verb raises `Refused` (Chinese sentence) and changes nothing when it can't.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from cixi_xiezuo import audit, stored
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from cixi_xiezuo.money import yuan_display, yuan_text
from cixi_xiezuo.written import Written, WrittenUpdate
from procurement import routes, tallies
from procurement.checks import Level, Subject, doubts_of
from procurement.checks.base import place_of
from procurement.choices import EDITABLE, LIVE, PENDING, Status
from procurement.complete import missing
from procurement.doubts import unanswered
from procurement.models.purchase import Purchase, PurchaseLine, touched_one
from procurement.models.receipt import Receipt
from procurement.routes import Stage
from units.links import LinkBook
from units.models import User
from units.scope import Scope
from units.years import require_open


class Recognition(NamedTuple):
    """A reviewer's 核定金额 (元) for a line, with the reason where it is less than what was claimed."""

    amount: Decimal
    reason: str = ""


UNREVIEWED: Mapping[str, Any] = {"first_by": None, "first_at": None}


def locked(pk: int) -> Purchase:
    """The purchase with its unit and supplier, its row locked until the transaction ends; `DoesNotExist` where there is none."""
    found: list[Purchase] = _LOCKED.objects(pk)
    if not found:
        raise Purchase.DoesNotExist
    return found[0]


_LOCKED = Written(
    lambda purchase: (
        Purchase.objects.select_for_update(of=("self",))
        .select_related("unit", "supplier")
        .filter(pk=purchase)
        .order_by()
    )
)
_LINES = Written(lambda purchase: PurchaseLine.objects.filter(purchase=purchase).select_related("region"))


def _lines_of(purchase: Purchase) -> list[PurchaseLine]:
    """Its lines in order, with their regions; each knows the purchase itself."""
    lines: list[PurchaseLine] = _LINES.objects(purchase.pk)
    for line in lines:
        line.purchase = purchase
    return lines


def require_version(purchase: Purchase, version: int | None) -> None:
    if version is not None and version != purchase.version:
        raise Stale("这笔采购刚刚被他人改动，请刷新后再操作")


def require_recorder(purchase: Purchase, by: Any) -> None:
    if by is not None and not Scope.of(by).may_record(purchase.unit):
        raise NotAllowed("您没有为该单位登记采购的权限")


def require_reviewer(purchase: Purchase, by: Any) -> None:
    """Nobody decides on what they recorded, changed or submitted, nor on their own unit's purchases.

    Whoever decides for somebody else may do no more than that person might.
    """
    if by is None:
        return
    if touched_one(purchase.pk, by.pk):
        raise NotAllowed("不能审核自己登记、修改或提交的采购")
    if not Scope.of(by).may_review(purchase.unit):
        raise NotAllowed("您没有审核该单位采购的权限，本单位的采购须由他人审核")
    giver = Scope.of(by).on_behalf(purchase.unit)
    if giver and touched_one(purchase.pk, User.objects.get(username=giver).pk):
        raise NotAllowed("委托您代办的人登记、修改或提交过这笔采购，须由他人审核")


def require_turn(purchase: Purchase, by: Any) -> Stage:
    """Raises NotAllowed where the next step is somebody else's; what it is, where it is this person's."""
    stage = Stage.ONCE if by is None else routes.stage_of(purchase, by)
    if stage is not Stage.ONCE and (hindrance := routes.hindrance(purchase, stage, by)):
        raise NotAllowed(hindrance)
    return stage


def note_hand(purchase: Purchase, by: Any) -> None:
    """Remember who changed the purchase: they will not decide on it."""
    if by is not None:
        purchase.changed_by.add(by)


def require_status(purchase: Purchase, allowed: Iterable[str], doing: str) -> None:
    if purchase.status not in allowed:
        raise Refused(f"采购 {purchase.number} 目前为“{purchase.get_status_display()}”，不能{doing}")


def require_read(receipts: Iterable[Receipt]) -> None:
    """Nobody submits what the system has not read yet: the doubts would be found too late."""
    reading = next((each for each in receipts if each.reading in PENDING), None)
    if reading is not None:
        raise Refused(f"票据“{reading}”还在识别，请几秒后再提交")


def _log(action: str, purchase: Purchase, by: Any, **detail: Any) -> None:
    audit.record(action, by=by, subject=f"采购 {purchase.number}", stream=purchase.unit.code, **detail)


def _log_decision(action: str, purchase: Purchase, by: Any, **detail: Any) -> None:
    """With 甲代乙 where the person decides for somebody else."""
    giver = "" if by is None else Scope.of(by).on_behalf(purchase.unit)
    _log(action, purchase, by, on_behalf=giver, **detail)


def _move(purchase: Purchase, status: str, **changes: Any) -> None:
    before = purchase.status
    purchase.status = status
    purchase.version += 1
    for name, value in changes.items():
        setattr(purchase, name, value)
    stored.update(purchase, ("status", "version", *changes))
    if (before in LIVE) != (status in LIVE):
        _hold_invoices(purchase, live=status in LIVE)


def _hold_invoices(purchase: Purchase, *, live: bool) -> None:
    """Take or free its invoices. The database lets one invoice be held once."""
    try:
        with transaction.atomic():
            _HOLD[live].run(purchase.pk)
    except IntegrityError as error:
        raise Refused(_held_elsewhere(purchase)) from error


def _holding(live: bool) -> WrittenUpdate:
    return WrittenUpdate(
        lambda purchase: Receipt.objects.filter(purchase=purchase), lambda purchase: {"live": live}
    )


_HOLD = {live: _holding(live) for live in (True, False)}


def _held_elsewhere(purchase: Purchase) -> str:
    """Which invoice is held by whom, as far as the person may know: somebody was quicker than the checks."""
    subject = Subject(purchase)
    held = next(iter(subject.same_invoice), None)
    if held and held.purchase:
        where = place_of(held.purchase, subject)
        return f"发票 {held.identity} 已用于{where}，一张发票只能计入一次；请核对发票号码"
    return "所附发票已用于其他采购，一张发票只能计入一次；请核对发票号码"


@transaction.atomic
def submit(purchase: Purchase, *, by: Any, version: int | None = None) -> Purchase:
    """draft | returned → submitted. Refused while anything is missing, a receipt is being read, or a doubt blocks."""
    purchase = locked(purchase.pk)
    require_recorder(purchase, by)
    require_version(purchase, version)
    require_status(purchase, EDITABLE, "提交")
    subject = Subject(purchase)
    require_read(subject.receipts)
    doubts = doubts_of(subject)
    gaps = [str(gap) for gap in missing(purchase, subject.lines)]
    gaps += [doubt.message for doubt in doubts if doubt.level == Level.BLOCK]
    if by is not None:
        gaps += unanswered(purchase, doubts)
    if gaps:
        raise Refused("；".join(gaps))
    assert purchase.date is not None
    require_open([purchase.date.year])
    if purchase.is_refund:
        require_within_original(purchase)
    _move(
        purchase,
        Status.SUBMITTED,
        submitted_by=by,
        submitted_at=timezone.now(),
        returned_reason="",
        decided_by=None,
        decided_at=None,
        doubts=len(doubts),
        **UNREVIEWED,
    )
    _log("提交", purchase, by, total=yuan_text(subject.total))
    return purchase


@transaction.atomic
def withdraw(purchase: Purchase, *, by: Any) -> Purchase:
    """撤回: the clerk takes a submission back before it is reviewed."""
    purchase = locked(purchase.pk)
    require_recorder(purchase, by)
    require_status(purchase, [Status.SUBMITTED], "撤回")
    _move(purchase, Status.DRAFT, submitted_by=None, submitted_at=None, **UNREVIEWED)
    _log("撤回", purchase, by)
    return purchase


@transaction.atomic
def send_back(purchase: Purchase, *, by: Any, reason: str, version: int | None = None) -> Purchase:
    """退回: to be fixed and submitted again; the reason is what the clerk reads."""
    purchase = locked(purchase.pk)
    require_reviewer(purchase, by)
    require_version(purchase, version)
    require_status(purchase, [Status.SUBMITTED], "退回")
    require_turn(purchase, by)
    if not reason.strip():
        raise Refused("请填写退回原因，经办人据此修改")
    said = {"returned_reason": reason.strip(), "decided_by": by, "decided_at": timezone.now()}
    _move(purchase, Status.RETURNED, **said, **UNREVIEWED)
    _log_decision("退回", purchase, by, reason=reason.strip())
    return purchase


@transaction.atomic
def pass_first(purchase: Purchase, *, by: Any, version: int | None = None) -> Purchase:
    """初审通过: the department or place has looked; it stays submitted, counts nowhere, and waits for the bureau."""
    purchase = locked(purchase.pk)
    require_reviewer(purchase, by)
    require_version(purchase, version)
    require_status(purchase, [Status.SUBMITTED], "初审")
    assert purchase.date is not None
    require_open([purchase.date.year])
    if require_turn(purchase, by) is not Stage.FIRST and by is not None:
        raise Refused(f"采购 {purchase.number} 不需要初审")
    _move(purchase, Status.SUBMITTED, first_by=by, first_at=timezone.now())
    _log_decision("初审通过", purchase, by)
    return purchase


@transaction.atomic
def approve(
    purchase: Purchase,
    *,
    by: Any,
    version: int | None = None,
    recognised: Mapping[int, Recognition] | None = None,
) -> Purchase:
    """submitted → approved: the lines enter the figures with their recognised amounts (by line id)."""
    purchase = locked(purchase.pk)
    require_reviewer(purchase, by)
    require_version(purchase, version)
    require_status(purchase, [Status.SUBMITTED], "核准")
    if require_turn(purchase, by) is Stage.FIRST:
        raise Refused(f"采购 {purchase.number} 现在是初审，核准须由市商务局复核")
    assert purchase.date is not None
    require_open([purchase.date.year])
    if purchase.is_refund:
        require_within_original(purchase)
    lines = _lines_of(purchase)
    for line in lines:
        recognise(line, (recognised or {}).get(line.pk))
    _move(purchase, Status.APPROVED, decided_by=by, decided_at=timezone.now())
    enter(lines)
    _save_posted(purchase, lines)
    _log_decision(
        "核准", purchase, by, recognised={line.position: yuan_text(line.recognised) for line in lines}
    )
    return purchase


def recognise(line: PurchaseLine, recognition: Recognition | None) -> None:
    """Set a line's 核定金额: the claimed amount unless the reviewer recognised less, with a reason."""
    if recognition is None or recognition.amount == line.amount:
        line.recognised, line.recognised_reason = line.amount, ""
        return
    if line.amount < 0:
        raise Refused(f"第 {line.position} 行是退货，不能核减")
    if not line.overlap <= recognition.amount <= line.amount:
        raise Refused(
            f"第 {line.position} 行核定金额应在 {yuan_display(line.overlap)} 与申报的 "
            f"{yuan_display(line.amount)} 元之间"
        )
    if not recognition.reason.strip():
        raise Refused(f"第 {line.position} 行核减了金额，请填写原因")
    line.recognised, line.recognised_reason = recognition.amount, recognition.reason.strip()


def _save_posted(purchase: Purchase, lines: list[PurchaseLine]) -> None:
    """Store a purchase's posted lines: one statement for all, as they share who answers, one for each reduced."""
    _POST.run(purchase.pk, lines[0].subject_id, lines[0].responsible_id)
    for line in lines:
        if line.recognised != line.amount:
            line.save(update_fields=["recognised", "recognised_reason"])


_POST = WrittenUpdate(
    lambda purchase, subject, responsible: PurchaseLine.objects.filter(purchase=purchase),
    lambda purchase, subject, responsible: {
        "posted": True,
        "recognised": F("amount"),
        "recognised_reason": "",
        "subject": subject,
        "responsible": responsible,
    },
)


def enter(lines: list[PurchaseLine], book: LinkBook | None = None) -> None:
    """Mark approved lines posted, settle who answers for them, and add them to the sums (not saved here).

    `book`: the links of their units, where they are at hand.
    """
    for line in lines:
        line.posted = True
    tallies.attribute(lines, book or LinkBook.load({line.purchase.unit_id for line in lines}))
    tallies.post(map(tallies.facts_of, lines))


def require_within_original(refund: Purchase) -> None:
    """A refund names an approved purchase of the same unit; together refunds may not exceed it."""
    assert refund.original_id is not None
    original = Purchase.objects.select_for_update().get(pk=refund.original_id)
    if original.unit_id != refund.unit_id:
        raise Refused(f"原采购 {original.number} 不是本单位的采购")
    if original.is_refund:
        raise Refused(f"原采购 {original.number} 本身是退货，不能再退")
    if original.status != Status.APPROVED:
        raise Refused(f"原采购 {original.number} 尚未核准，不能登记退货")
    lines = PurchaseLine.objects
    bought = lines.filter(purchase=original).aggregate(total=Sum("recognised"))["total"] or Decimal(0)
    others = lines.filter(purchase__original=original, purchase__status__in=LIVE).exclude(purchase=refund)
    back = others.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    back += lines.filter(purchase=refund).aggregate(total=Sum("amount"))["total"] or Decimal(0)
    if -back > bought:
        raise Refused(
            f"退货合计 {yuan_display(-back)} 元超过原采购 {original.number} 的 {yuan_display(bought)} 元"
        )


@transaction.atomic
def revoke(purchase: Purchase, *, by: Any, reason: str) -> Purchase:
    """撤销核准: the sums get the opposite, the invoices are free again, the history stays."""
    purchase = locked(purchase.pk)
    require_reviewer(purchase, by)
    require_status(purchase, [Status.APPROVED], "撤销核准")
    if not reason.strip():
        raise Refused("请填写撤销核准的原因")
    assert purchase.date is not None
    require_open([purchase.date.year])
    refund = purchase.refunds.filter(status__in=LIVE).first()
    if refund is not None:
        raise Refused(f"采购 {purchase.number} 已有退货 {refund.number}，请先处理退货")
    lines = _lines_of(purchase)
    tallies.post(map(tallies.facts_of, lines), sign=-1)
    purchase.lines.update(posted=False)
    _move(purchase, Status.REVOKED, decided_by=by, decided_at=timezone.now(), returned_reason=reason.strip())
    _log_decision("撤销核准", purchase, by, reason=reason.strip())
    return purchase


@transaction.atomic
def void(purchase: Purchase, *, by: Any) -> Purchase:
    """作废: ends a draft or a returned purchase; it stays on record."""
    purchase = locked(purchase.pk)
    require_recorder(purchase, by)
    require_status(purchase, EDITABLE, "作废")
    _move(purchase, Status.VOID)
    _log("作废", purchase, by)
    return purchase
