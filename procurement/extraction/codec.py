"""InvoiceData ↔ plain JSON values, for the child process and for storing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from procurement.extraction.data import MONEY_FIELDS, InvoiceData, Item

_ITEM_NUMBERS = ("quantity", "amount", "tax")


def to_plain(data: InvoiceData) -> dict[str, Any]:
    """Every field; amounts as text, the date in ISO form."""
    out: dict[str, Any] = {name: getattr(data, name) for name in data.__dataclass_fields__}
    for name in MONEY_FIELDS:
        out[name] = None if out[name] is None else str(out[name])
    out["issue_date"] = data.issue_date.isoformat() if data.issue_date else None
    out["problems"] = list(data.problems)
    out["items"] = [
        {
            "name": item.name,
            "unit": item.unit,
            **{
                name: None if (value := getattr(item, name)) is None else str(value) for name in _ITEM_NUMBERS
            },
        }
        for item in data.items
    ]
    return out


def from_plain(plain: dict[str, Any]) -> InvoiceData:
    """The inverse of to_plain."""
    values = dict(plain)
    for name in MONEY_FIELDS:
        values[name] = None if values[name] is None else Decimal(values[name])
    values["issue_date"] = date.fromisoformat(values["issue_date"]) if values["issue_date"] else None
    values["problems"] = tuple(values["problems"])
    values["items"] = tuple(
        Item(**{**row, **{name: None if row[name] is None else Decimal(row[name]) for name in _ITEM_NUMBERS}})
        for row in values["items"]
    )
    return InvoiceData(**values)
