"""Which purchase a receipt is with: what the system proposes, and what a clerk decides until it is submitted.

Verbs here touch several purchases of a unit. They start with `hold`, so that two never wait for each other.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.money import to_fen
from procurement.checks.total_differs import total_of
from procurement.choices import EDITABLE, PENDING, Reading, ReceiptKind, Scan, Status
from procurement.extraction.codec import from_plain
from procurement.first_drafts import draft_of
from procurement.grouping import DAYS, Draft, Paper, plain_seller, propose
from procurement.models import Purchase, PurchaseLine, Receipt
from procurement.workflow import note_hand, require_status, void
from units.models import Unit
from units.scope import Scope

MOST = 300
"""The latest purchases and papers that are looked at together."""


def hold(unit_id: int) -> dict[int, Purchase]:
    """Lock the unit's receipts against being placed by anybody else, and its purchases that can be changed."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    rows = Purchase.objects.filter(unit=unit_id, status__in=EDITABLE).select_related("unit").order_by("pk")
    return rows.select_for_update(of=("self",)).in_bulk()


# ---- what the system proposes


@transaction.atomic
def regroup(unit_id: int) -> None:
    """Put the unit's loose papers with the purchases they belong to, each with the sentence why.

    Papers that the system has placed are looked at again with every new one, as long as nobody has touched their
    purchase: the outcome does not depend on the order in which files were read.
    """
    purchases = hold(unit_id)
    receipts = {receipt.pk: receipt for receipt in _movable(unit_id)[:MOST]}
    if not receipts:
        return
    found = propose([_paper(each) for each in receipts.values()], _drafts(purchases, receipts))
    for pk, receipt in receipts.items():
        proposal = found.get(pk)
        target = proposal.draft if proposal else None
        why = proposal.why if proposal else ""
        if (receipt.purchase_id, receipt.together) != (target, why):
            _place(receipt, purchases.get(target) if target else None, why)


def _movable(unit_id: int) -> Any:
    untouched = Q(purchase__status=Status.DRAFT, purchase__version=1, purchase__changed_by=None)
    rows = Receipt.objects.filter(unit=unit_id, kind__in=list(DAYS), reading=Reading.READ, settled=False)
    loose = Q(purchase=None) | (untouched & ~Q(together=""))
    return rows.filter(loose).select_related("purchase__unit", "unit", "uploaded_by").order_by("-pk")


def _paper(receipt: Receipt) -> Paper:
    total, day = total_of(receipt), receipt.data.get("issue_date")
    return Paper(
        receipt.pk,
        receipt.kind,
        None if total is None else to_fen(total),
        datetime.date.fromisoformat(day) if day else None,
        plain_seller(receipt.data.get("seller_name") or ""),
    )


def _drafts(purchases: dict[int, Purchase], movable: dict[int, Receipt]) -> list[Draft]:
    latest = sorted(purchases)[-MOST:]
    held: dict[int, set[str]] = defaultdict(set)
    kept = Receipt.objects.filter(purchase__in=latest).exclude(pk__in=movable)
    for purchase, kind in kept.values_list("purchase", "kind"):
        held[purchase].add(kind)
    rows = Purchase.objects.filter(pk__in=latest, original=None).annotate(total=Sum("lines__amount"))
    return [
        Draft(
            pk,
            None if total is None else to_fen(total),
            day,
            plain_seller(seller or ""),
            frozenset(held[pk]),
        )
        for pk, total, day, seller in rows.values_list("pk", "total", "date", "supplier__name")
    ]


def _place(receipt: Receipt, target: Purchase | None, why: str) -> None:
    former = receipt.purchase
    if former != target:
        _log("归集票据", receipt, None, former, target, why)
    receipt.purchase, receipt.together = target, why
    receipt.save(update_fields=["purchase", "together"])


# ---- what a clerk decides


@transaction.atomic
def move(receipt: Receipt, *, to: Purchase | None, by: Any) -> Receipt:
    """Take a receipt to another purchase of its unit, or (None) back to the inbox.

    An invoice that alone made its draft takes the lines along; a draft that the system made and that is then
    empty is voided. Raises Refused where either purchase can no longer be changed.
    """
    receipt, purchases = _held(receipt, by)
    former, target = receipt.purchase, to
    if former is not None:
        require_status(former, EDITABLE, "移动票据")
    if to is not None:
        if to.unit_id != receipt.unit_id:
            raise Refused(f"票据属于{receipt.unit}，只能归入本单位的采购")
        target = purchases.get(to.pk)
        if target is None:
            to.refresh_from_db()
            require_status(to, EDITABLE, "增加票据")
    if to is None and receipt.file_id is None:
        raise Refused("没有原件的票据不能移回收件箱，不需要时请删除")
    if to is None and receipt.reading in PENDING:
        raise Refused(f"票据“{receipt}”还在识别，请几秒后再移回收件箱")
    if former == target:
        return receipt
    made_by_system = former is not None and former.version == 1 and not former.changed_by.exists()
    receipt.purchase, receipt.together, receipt.settled = target, "", target is None
    try:
        with transaction.atomic():
            receipt.save(update_fields=["purchase", "together", "settled"])
    except IntegrityError as error:
        raise Refused(f"发票 {receipt.identity} 在采购 {target} 中已有一份") from error
    if former is not None and made_by_system:
        _take_lines(receipt, former, target)
    _log("移动票据", receipt, by, former, target)
    for purchase in (former, target):
        if purchase is not None:
            note_hand(purchase, by)
    if former is not None and made_by_system and not (former.lines.exists() or former.receipts.exists()):
        void(former, by=by)
    return receipt


@transaction.atomic
def start(receipt: Receipt, *, by: Any) -> Purchase:
    """Make a draft of a receipt that waits in the inbox."""
    receipt, _ = _held(receipt, by)
    if receipt.purchase is not None:
        raise Refused(f"票据“{receipt}”已在采购 {receipt.purchase} 中，请先移回收件箱")
    if receipt.reading in PENDING:
        raise Refused(f"票据“{receipt}”还在识别，请几秒后再试")
    if receipt.file is not None and receipt.file.scan == Scan.INFECTED:
        raise Refused(f"票据“{receipt}”{receipt.file.closed}")
    receipt.purchase = draft_of(receipt, from_plain(receipt.data), by)
    receipt.together, receipt.settled = "", False
    receipt.save(update_fields=["purchase", "together", "settled"])
    regroup(receipt.unit_id)
    return receipt.purchase


def _held(receipt: Receipt, by: Any) -> tuple[Receipt, dict[int, Purchase]]:
    if by is not None and not Scope.of(by).may_record(receipt.unit):
        raise NotAllowed("您没有为该单位登记采购的权限")
    purchases = hold(receipt.unit_id)
    rows = Receipt.objects.select_for_update(of=("self",)).select_related("unit", "file", "purchase__unit")
    return rows.get(pk=receipt.pk), purchases


def _take_lines(receipt: Receipt, former: Purchase, target: Purchase | None) -> None:
    """What the system read off the invoice goes where the invoice goes; back in the inbox it can be read off again."""
    if receipt.kind != ReceiptKind.INVOICE or former.receipts.filter(kind=ReceiptKind.INVOICE).exists():
        return
    lines = list(former.lines.all())
    if target is None:
        former.lines.all().delete()
    else:
        for position, line in enumerate(lines, start=target.lines.count() + 1):
            line.purchase, line.position = target, position
        PurchaseLine.objects.bulk_update(lines, ["purchase", "position"])
    for purchase in (former, target):
        if purchase is not None and lines:
            purchase.version += 1
            purchase.save(update_fields=["version"])


def _log(
    action: str, receipt: Receipt, by: Any, former: Purchase | None, target: Purchase | None, why: str = ""
) -> None:
    """On the trail of the purchase that it leaves and of the one that it comes to."""
    for purchase in (former, target):
        if purchase is not None:
            audit.record(
                action,
                by=by,
                subject=f"采购 {purchase.number}",
                stream=receipt.unit.code,
                name=receipt.name,
                reason=why,
                moved=[former.number if former else "收件箱", target.number if target else "收件箱"],
            )
