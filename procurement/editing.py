"""What a clerk writes into a purchase while it is a draft or returned. Status never changes here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.money import yuan_text
from procurement.choices import EDITABLE, Channel, Holiday, Use
from procurement.models import Purchase, PurchaseLine, Region, Supplier
from procurement.numbers import next_number
from procurement.workflow import locked, note_hand, require_recorder, require_status, require_version
from units.models import Unit
from units.scope import Scope

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Head:
    """The purchase itself. `supplier` is a name; `original` the purchase that a refund takes back."""

    purchase_date: datetime.date | None = None
    invoice_date: datetime.date | None = None
    supplier: str = ""
    channel: str = ""
    original: Purchase | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; amounts in 元, tax included, negative on a refund."""

    amount: Decimal
    product_name: str = ""
    quantity: Decimal | None = None
    measure: str = ""
    use: str = ""
    holiday: str = ""
    region: Region | None = None
    overlap: Decimal = ZERO


def faults(line: Line) -> Iterator[tuple[str, str]]:
    """What can't be kept even in a draft: (field, Chinese sentence)."""
    if not line.amount:
        yield "amount", "金额不能为 0；不需要的明细行请删除"
    if line.overlap and line.use not in ("", Use.COMMERCE):
        yield "overlap", "只有用途为商务帮扶时才填其中已登记金额"
    elif line.overlap and (line.overlap < 0) != (line.amount < 0):
        yield "overlap", "其中已登记金额与金额的正负应一致"
    elif abs(line.overlap) > abs(line.amount):
        yield "overlap", f"其中已登记金额不能大于本行金额 {line.amount} 元"


@transaction.atomic
def create_draft(unit: Unit, *, by: Any, head: Head, lines: Sequence[Line] = ()) -> Purchase:
    """A new draft of the unit. Raises NotAllowed, or Refused for lines that can't be kept."""
    if by is not None and not Scope.of(by).may_record(unit):
        raise NotAllowed("您没有为该单位登记采购的权限")
    day = head.invoice_date or head.purchase_date or timezone.localdate()
    purchase = Purchase(number=next_number(unit, day.year), unit=unit, recorded_by=by)
    _fill(purchase, head)
    _require_original(purchase)
    purchase.save(force_insert=True)
    _write_lines(purchase, lines)
    _log("登记", purchase, by, {"lines": [[], [_line_words(line) for line in lines]]})
    return purchase


@transaction.atomic
def buy_again(purchase: Purchase, *, by: Any) -> Purchase:
    """再买一次: a new draft with today's date and the same goods; without receipts, note or holiday.

    Raises NotAllowed, or Refused for a refund.
    """
    if purchase.is_refund:
        raise Refused(f"采购 {purchase.number} 是退货，不能照着再买一次")
    head = Head(
        purchase_date=timezone.localdate(),
        supplier=purchase.supplier.name if purchase.supplier else "",
        channel=purchase.channel,
    )
    lines = [replace(line, holiday="", overlap=ZERO) for line in _kept_lines(purchase)]
    return create_draft(purchase.unit, by=by, head=head, lines=lines)


@transaction.atomic
def save_draft(
    purchase: Purchase, *, by: Any, version: int | None, head: Head, lines: Sequence[Line]
) -> Purchase:
    """Replace the head and all lines. `version` is the one the person saw: Stale where it has moved on.

    The trail gets what changed, before and after. Nothing is written where nothing changed.
    """
    purchase = locked(purchase.pk)
    require_recorder(purchase, by)
    require_version(purchase, version)
    require_status(purchase, EDITABLE, "修改")
    before = _words(purchase, _kept_lines(purchase))
    old_lines = before["lines"]
    _fill(purchase, head)
    _require_original(purchase)
    after = _words(purchase, lines)
    changes = audit.differences(before, after)
    if not changes:
        return purchase
    if old_lines != after["lines"]:
        purchase.lines.all().delete()
        _write_lines(purchase, lines)
    purchase.version += 1
    purchase.save()
    note_hand(purchase, by)
    _log("修改", purchase, by, changes)
    return purchase


def _fill(purchase: Purchase, head: Head) -> None:
    purchase.purchase_date, purchase.invoice_date = head.purchase_date, head.invoice_date
    purchase.date = purchase.effective_date()
    purchase.supplier = _supplier(head.supplier)
    if head.channel and head.channel not in Channel.values:
        raise Refused("采购渠道不在可选范围内，请重新选择")
    purchase.channel, purchase.original, purchase.note = head.channel, head.original, head.note.strip()


def _supplier(name: str) -> Supplier | None:
    name = name.strip()
    if len(name) > 150:
        raise Refused("供应商名称过长，最多 150 个字")
    return Supplier.objects.get_or_create(name=name)[0] if name else None


def _require_original(purchase: Purchase) -> None:
    original = purchase.original
    if original is None:
        return
    if original.unit_id != purchase.unit_id:
        raise Refused(f"原采购 {original.number} 不是本单位的采购")
    if original.pk == purchase.pk or original.is_refund:
        raise Refused(f"原采购 {original.number} 本身是退货或就是这笔采购，请填写被退的那笔采购")


def _write_lines(purchase: Purchase, lines: Iterable[Line]) -> None:
    rows = []
    for position, line in enumerate(lines, start=1):
        for _field, message in faults(line):
            raise Refused(f"第 {position} 行：{message}")
        values = {field.name: getattr(line, field.name) for field in fields(line)}
        if line.use != Use.UNION_HOLIDAY:
            values["holiday"] = ""
        rows.append(PurchaseLine(purchase=purchase, position=position, **values))
    PurchaseLine.objects.bulk_create(rows)


def line_of(stored: PurchaseLine) -> Line:
    """A stored line as it may be written again."""
    return Line(**{each.name: getattr(stored, each.name) for each in fields(Line)})


def _kept_lines(purchase: Purchase) -> list[Line]:
    return [line_of(line) for line in purchase.lines.select_related("region").order_by("position")]


def _words(purchase: Purchase, lines: Iterable[Line]) -> dict[str, Any]:
    """The purchase as the trail keeps it: plain values in the words of the form."""
    return {
        "purchase_date": _day(purchase.purchase_date),
        "invoice_date": _day(purchase.invoice_date),
        "supplier": purchase.supplier.name if purchase.supplier else "",
        "channel": Channel(purchase.channel).label if purchase.channel else "",
        "original": purchase.original.number if purchase.original else "",
        "note": purchase.note,
        "lines": [_line_words(line) for line in lines],
    }


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def _line_words(line: Line) -> dict[str, Any]:
    holiday = line.holiday if line.use == Use.UNION_HOLIDAY else ""
    return {
        "product_name": line.product_name,
        "measure": line.measure,
        "quantity": "" if line.quantity is None else f"{line.quantity.normalize():f}",
        "use": Use(line.use).label if line.use else "",
        "holiday": Holiday(holiday).label if holiday else "",
        "region": line.region.name if line.region else "",
        "amount": yuan_text(line.amount),
        "overlap": yuan_text(line.overlap),
    }


def _log(action: str, purchase: Purchase, by: Any, changes: Mapping[str, Any]) -> None:
    audit.record(
        action, by=by, subject=f"采购 {purchase.number}", stream=purchase.unit.code, changes=dict(changes)
    )
