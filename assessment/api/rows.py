"""Units, purchases and changes as plain data. Amounts are text in 元 with two decimals; no person is named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.money import yuan_text
from procurement.models import Purchase, PurchaseLine
from units.models import Unit


def unit(row: Unit) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "affiliation": row.affiliation,
        "supervisor": row.supervisor.code if row.supervisor else None,
        "town": row.town.code if row.town else None,
        "host": row.host.code if row.host else None,
        "active": row.active,
    }


def purchase(row: Purchase) -> dict[str, Any]:
    """With `lines` prefetched."""
    lines = sorted(row.lines.all(), key=lambda line: line.position)
    return {
        "number": row.number,
        "version": row.version,
        "unit": row.unit.code,
        "status": row.status,
        "date": row.date.isoformat() if row.date else None,
        "supplier": row.supplier.name if row.supplier else None,
        "channel": row.channel,
        "refund_of": row.original.number if row.original else None,
        "amount": yuan_text(sum((line.figure for line in lines), Decimal(0))),
        "lines": [_line(line) for line in lines],
    }


def _line(row: PurchaseLine) -> dict[str, Any]:
    return {
        "position": row.position,
        "use": row.use,
        "holiday": row.holiday,
        "region": row.region.code if row.region else None,
        "product": row.product_name,
        "claimed": yuan_text(row.amount),
        "recognised": None if row.recognised is None else yuan_text(row.recognised),
        "overlap": yuan_text(row.overlap),
    }


def change(row: AuditEvent) -> dict[str, Any]:
    return {
        "purchase": row.subject.removeprefix("采购 "),
        "action": row.action,
        "at": row.at.isoformat(),
    }
