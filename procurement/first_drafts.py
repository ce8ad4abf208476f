"""What was read → a new draft purchase, everything filled in that can be."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.money import from_fen, yuan_text
from procurement.choices import ReceiptKind
from procurement.drafting import lines_of
from procurement.extraction import InvoiceData
from procurement.models import Purchase, PurchaseLine, Receipt, Supplier
from procurement.numbers import next_number
from procurement.red_invoices import PROPOSED, original_of, take_over


def clean(value: Any) -> Any:
    """The same JSON value without control characters, which PostgreSQL refuses."""
    if isinstance(value, str):
        return (
            "".join(char for char in value if char >= " " or char in "\n\t")
            .encode("utf-8", "ignore")
            .decode()
        )
    if isinstance(value, dict):
        return {clean(key): clean(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(each) for each in value]
    return value


def draft_of(receipt: Receipt, data: InvoiceData, by: Any) -> Purchase:
    """A draft purchase with everything that was read filled in, recorded by that person. `receipt` is not saved."""
    invoice = receipt.kind == ReceiptKind.INVOICE
    day = data.issue_date
    purchase = Purchase(
        number=next_number(receipt.unit, (day or timezone.localdate()).year),
        unit=receipt.unit,
        invoice_date=day if invoice else None,
        purchase_date=None if invoice else day,
        supplier=_supplier(data),
        recorded_by=by,
    )
    purchase.date = purchase.effective_date()
    lines = lines_of(data)
    rows = [
        PurchaseLine(
            purchase=purchase,
            position=position,
            product_name=clean(line.product_name),
            quantity=line.quantity,
            measure=clean(line.measure),
            amount=from_fen(line.amount),
        )
        for position, line in enumerate(lines, start=1)
    ]
    original = original_of(receipt)
    if original is not None:
        take_over(purchase, rows, original)
        receipt.data["problems"].insert(0, PROPOSED.format(receipt.red_of, original.number))
    purchase.save(force_insert=True)
    PurchaseLine.objects.bulk_create(rows)
    audit.record(
        "识别票据生成草稿",
        by=by,
        subject=f"采购 {purchase.number}",
        stream=receipt.unit.code,
        receipt=receipt.name,
        identity=receipt.identity,
        original=original.number if original else "",
        total=yuan_text(from_fen(sum(line.amount for line in lines))),
    )
    return purchase


def _supplier(data: InvoiceData) -> Supplier | None:
    name = clean(data.seller_name).strip()[:150]
    if not name:
        return None
    uscc = clean(data.seller_id).strip()
    supplier, _ = Supplier.objects.get_or_create(
        name=name, defaults={"uscc": uscc if len(uscc) <= 20 else ""}
    )
    return supplier
