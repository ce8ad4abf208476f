"""A draft that was recorded for one unit and belongs to another of the same clerk's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement.checks import Subject
from procurement.checks.buyers import buyers_of, of_unit, to_others
from procurement.choices import PENDING, Status
from procurement.editing import Head, create_draft, line_of
from procurement.models import Purchase, Receipt
from procurement.placing import hold
from procurement.workflow import locked, note_hand, require_recorder, require_status, void
from units.models import Unit, User
from units.scope import Scope

OTHER_BUYER = "other_buyer"
"""The doubt that an invoice names another buyer."""


def buyer_among(subject: Subject, units: Iterable[Unit]) -> Unit | None:
    """The one of the units that an invoice of the draft names as its buyer, where it does not name the draft's own."""
    mine, others = list(buyers_of(subject)), [(unit, of_unit(unit)) for unit in units]
    for _, name, uscc in to_others(subject.receipts, mine):
        found = [unit for unit, buyer in others if buyer.is_named(name, uscc) and unit != subject.unit]
        if found:
            return found[0] if len(found) == 1 else None
    return None


@transaction.atomic
def rehome(purchase: Purchase, *, to: Unit, by: Any) -> Purchase:
    """改到其他单位: a new draft of the other unit takes the lines and receipts; the old one is voided and says where to.

    Raises NotAllowed unless both are the person's to record for; Refused for what was submitted or is a refund.
    """
    for unit in sorted({purchase.unit_id, to.pk}):
        hold(unit)
    purchase = locked(purchase.pk)
    require_recorder(purchase, by)
    if by is not None and not Scope.of(by).may_record(to):
        raise NotAllowed("您没有为该单位登记采购的权限")
    require_status(purchase, [Status.DRAFT], "改到其他单位")
    if purchase.unit_id == to.pk:
        raise Refused(f"采购 {purchase.number} 已经是{to}的")
    if purchase.is_refund:
        raise Refused("退货和原采购属于同一个单位，不能改到其他单位；原采购登记错的，请先撤销核准")
    receipts = Receipt.objects.filter(purchase=purchase)
    reading = receipts.filter(reading__in=PENDING).first()
    if reading is not None:
        raise Refused(f"票据“{reading}”还在识别，请几秒后再改")
    head = Head(
        purchase_date=purchase.purchase_date,
        invoice_date=purchase.invoice_date,
        supplier=purchase.supplier.name if purchase.supplier else "",
        channel=purchase.channel,
        note=purchase.note,
    )
    lines = [line_of(line) for line in purchase.lines.select_related("region").order_by("position")]
    moved = create_draft(to, by=by, head=head, lines=lines)
    receipts.update(unit=to, purchase=moved, together="")
    moved.changed_by.set(User.objects.filter(pk__in=_hands(purchase)))
    for each in (purchase, moved):
        _log(each, by, f"{purchase.unit} {purchase.number}", f"{to} {moved.number}")
    note_hand(purchase, by)
    void(purchase, by=by)
    return moved


def _hands(purchase: Purchase) -> set[int]:
    """Whoever had a hand in it does not decide on what became of it either."""
    hands = {user.pk for user in purchase.changed_by.all()}
    return hands | {pk for pk in (purchase.recorded_by_id, purchase.submitted_by_id) if pk is not None}


def _log(purchase: Purchase, by: Any, former: str, now: str) -> None:
    audit.record(
        "改到其他单位",
        by=by,
        subject=f"采购 {purchase.number}",
        stream=purchase.unit.code,
        moved=[former, now],
    )
