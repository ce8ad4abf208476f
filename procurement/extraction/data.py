"""What the reader makes of one file: a frozen, serialisable record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.extraction.values import compact, money_text

MONEY_FIELDS = ("total", "amount", "tax")
PARTY_FIELDS = ("buyer_name", "buyer_id", "seller_name", "seller_id")
SHOWN = ("invoice_code", "invoice_number", "issue_date", *MONEY_FIELDS, "check_code", *PARTY_FIELDS)
FIELDS = ("invoice_type", *SHOWN)
LABELS = {
    "invoice_code": "发票代码",
    "invoice_number": "发票号码",
    "issue_date": "开票日期",
    "total": "价税合计",
    "amount": "不含税金额",
    "tax": "税额",
    "check_code": "校验码",
    "buyer_name": "购买方",
    "buyer_id": "购买方税号",
    "seller_name": "销售方",
    "seller_id": "销售方税号",
}
"""What people call the fields that are shown."""


@dataclass(frozen=True)
class Item:
    """One row of the goods table; amount and tax in 元, without tax in amount."""

    name: str
    quantity: Decimal | None = None
    unit: str = ""
    amount: Decimal | None = None
    tax: Decimal | None = None


@dataclass(frozen=True)
class InvoiceData:
    """Money in 元. `source` and `confidence` are keyed by field name (and "items"); problems are sentences."""

    format: str = ""  # pdf, ofd, xml, image; "" when the content is none of them
    kind: str = "unknown"  # invoice, unknown
    document: str = "unknown"  # a guess: invoice, payment, freight, contract, unknown
    invoice_type: str = ""  # 01 04 08 10 31 32, as in the QR code
    invoice_code: str = ""
    invoice_number: str = ""
    issue_date: date | None = None
    total: Decimal | None = None  # 价税合计
    amount: Decimal | None = None  # 不含税金额
    tax: Decimal | None = None
    check_code: str = ""
    buyer_name: str = ""
    buyer_id: str = ""
    seller_name: str = ""
    seller_id: str = ""
    on_832: bool = False  # the paper names the 832 platform
    red_of: str = ""  # of a red invoice: the identity of the one it takes back, CODE-NUMBER or 20 digits
    items: tuple[Item, ...] = ()
    source: dict[str, str] = field(default_factory=dict)  # field → xml, qr, text, ocr
    confidence: dict[str, float] = field(default_factory=dict)  # field → 0…1
    problems: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """CODE+NUMBER, or the 20-digit number alone; "" without a number."""
        code, number = compact(self.invoice_code), compact(self.invoice_number)
        return number if not number or len(number) == 20 else code + number

    def to_json(self, file_name: str) -> dict[str, Any]:
        """The object of `extract --json`: absent values are null, amounts text with two decimals."""
        out: dict[str, Any] = {"file": file_name, "format": self.format or None, "kind": self.kind}
        for name in SHOWN:
            value = getattr(self, name)
            if name in MONEY_FIELDS:
                out[name] = money_text(value)
            elif name == "issue_date":
                out[name] = value.isoformat() if value else None
            else:
                out[name] = value or None
        out["items"] = [
            {
                "name": item.name,
                "quantity": None if item.quantity is None else format(item.quantity, "f"),
                "unit": item.unit or None,
                "amount": money_text(item.amount),
            }
            for item in self.items
        ]
        shown = {*SHOWN, "items"}
        out["source"] = {name: source for name, source in self.source.items() if name in shown}
        out["problems"] = list(self.problems)
        return out
