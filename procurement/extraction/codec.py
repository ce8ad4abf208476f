"""Records ↔ plain JSON values, for the child processes and for storing."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.extraction.data import MONEY_FIELDS, InvoiceData, Item
from procurement.extraction.partial import Partial, Reading

_ITEM_NUMBERS = ("quantity", "amount", "tax")
_PICTURES = "pictures"


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _plain_item(item: Item) -> dict[str, Any]:
    numbers = {name: _text(getattr(item, name)) for name in _ITEM_NUMBERS}
    return {"name": item.name, "unit": item.unit, **numbers}


def _item(plain: dict[str, Any]) -> Item:
    return Item(**{**plain, **{name: _decimal(plain[name]) for name in _ITEM_NUMBERS}})


def to_plain(data: InvoiceData) -> dict[str, Any]:
    """Every field; amounts as text, the date in ISO form."""
    out: dict[str, Any] = {name: getattr(data, name) for name in data.__dataclass_fields__}
    for name in MONEY_FIELDS:
        out[name] = _text(out[name])
    out["issue_date"] = data.issue_date.isoformat() if data.issue_date else None
    out["problems"] = list(data.problems)
    out["items"] = [_plain_item(item) for item in data.items]
    return out


def from_plain(plain: dict[str, Any]) -> InvoiceData:
    """The inverse of to_plain."""
    values = dict(plain)
    for name in MONEY_FIELDS:
        values[name] = _decimal(values[name])
    values["issue_date"] = date.fromisoformat(values["issue_date"]) if values["issue_date"] else None
    values["problems"] = tuple(values["problems"])
    values["items"] = tuple(_item(row) for row in values["items"])
    return InvoiceData(**values)


def _plain_value(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, date)
        else _text(value)
        if isinstance(value, Decimal)
        else value
    )


def _value(name: str, plain: Any) -> Any:
    if name in MONEY_FIELDS:
        return Decimal(plain)
    return date.fromisoformat(plain) if name == "issue_date" else plain


def partial_to_plain(partial: Partial) -> dict[str, Any]:
    """Everything but the pictures."""
    out = {each.name: getattr(partial, each.name) for each in fields(partial) if each.name != _PICTURES}
    out["readings"] = [
        {
            **{each.name: getattr(reading, each.name) for each in fields(reading)},
            "fields": {name: _plain_value(value) for name, value in reading.fields.items()},
            "weak": sorted(reading.weak),
            "items": [_plain_item(item) for item in reading.items],
            "capital": _text(reading.capital),
        }
        for reading in partial.readings
    ]
    return out


def partial_from_plain(plain: dict[str, Any]) -> Partial:
    """The inverse of partial_to_plain, without pictures."""
    readings = [
        Reading(
            **{
                **row,
                "fields": {name: _value(name, value) for name, value in row["fields"].items()},
                "weak": set(row["weak"]),
                "items": [_item(item) for item in row["items"]],
                "capital": _decimal(row["capital"]),
            }
        )
        for row in plain["readings"]
    ]
    return Partial(**{**plain, "readings": readings})
