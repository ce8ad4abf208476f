"""What happened to a purchase, from the audit trail, in words for its timeline."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cixi_xiezuo.money import yuan_display
from procurement.models import Purchase
from units.trail import Happened, recorded, told
from units.trail_words import plain, word

FIELDS = ("purchase_date", "invoice_date", "supplier", "channel", "original", "note")
LINE_FIELDS = ("product_name", "quantity", "measure", "amount", "use", "holiday", "region", "overlap")
LOOKED, DOWNLOADED = "查看票据", "下载票据"
TAKEN = "下载附件"
"""What is said of a record's or a declaration's own papers, which are no receipts."""
"""On record for the auditor; no part of what happened to a purchase."""


def events_of(purchase: Purchase) -> list[Happened]:
    """Everything recorded of the purchase and its receipts, the latest first. Two queries."""
    rows = recorded(purchase.unit.code, [f"采购 {purchase.number}", *_receipts(purchase)])
    return told([row for row in rows if row.action not in (LOOKED, DOWNLOADED)], _notes)


def _receipts(purchase: Purchase) -> list[str]:
    return [f"票据 {receipt.pk}" for receipt in purchase.receipts.all()]


def _notes(detail: dict[str, Any]) -> Iterator[str]:
    if detail.get("reason"):
        yield f"原因：{detail['reason']}"
    if detail.get("name"):
        yield f"文件：{detail['name']}"
    if detail.get("moved"):
        before, after = detail["moved"]
        yield f"{before} → {after}"
    if detail.get("total"):
        yield f"合计 {yuan_display(Decimal(detail['total']))} 元"
    for doubt, (_, note) in (detail.get("answers") or {}).items():
        yield f"疑点“{doubt}”：{note or '说明已撤回'}"
    changes = detail.get("changes") or {}
    for name in FIELDS:
        if name in changes:
            yield f"{word(name)}：{plain(changes[name])}"
    if "lines" in changes:
        yield from _line_notes(*changes["lines"])


def _line_notes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    """What changed line by line, at most ten sentences."""
    said = 0
    if len(before) != len(after):
        yield f"明细：{len(before)} 行 → {len(after)} 行"
    for position, (old, new) in enumerate(zip(before, after, strict=False), start=1):
        changed = [
            f"{word(name)} {plain([old.get(name), new.get(name)])}"
            for name in LINE_FIELDS
            if old.get(name) != new.get(name)
        ]
        if changed and said < 10:
            said += 1
            yield f"第 {position} 行：{'，'.join(changed)}"
