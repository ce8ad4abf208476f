"""Bought on the 832 platform, but no paper names it: neither an order nor a contract of the platform."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import Channel, ReceiptKind
from procurement.models.receipt import Receipt


def shows_platform(receipt: Receipt) -> bool:
    """It was read to name the platform, says so in its name, or is a contract (the platform's order)."""
    return bool(receipt.data.get("on_832")) or "832" in receipt.name or receipt.kind == ReceiptKind.CONTRACT


def find(subject: Subject) -> Iterator[Doubt]:
    if subject.purchase.is_refund:  # what it takes back has shown it
        return
    kept = [receipt for receipt in subject.receipts if receipt.file_id]
    if subject.purchase.channel != Channel.PLATFORM_832 or not kept or any(map(shows_platform, kept)):
        return
    yield Doubt(
        code="evidence_832",
        level=Level.WARN,
        message="采购渠道为832平台，票据中没有832平台的订单或合同；请补传平台订单（截图即可），或核对渠道",
        field="channel",
        clause="第四部分（一）第一段",
    )
