"""The receipts beside a purchase: pictures where they can be drawn, else the fields that were read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from procurement import previews
from procurement.extraction.data import LABELS
from procurement.forms.receipts import ReceiptForm
from procurement.models import Receipt

SOURCES = {"xml": "电子数据", "qr": "二维码", "text": "票面文字", "ocr": "图像识别"}
SURE = 0.8


@dataclass(frozen=True, slots=True)
class ReadField:
    label: str
    value: str
    source: str
    unsure: bool


@dataclass(slots=True)
class Paper:
    """`pages`: the numbers of the pages that can be shown as pictures. `total` in 元, where it was read."""

    receipt: Receipt
    form: ReceiptForm
    pages: range
    fields: list[ReadField]
    problems: list[str]
    total: Decimal | None


def papers_of(receipts: Iterable[Receipt], data: Any = None) -> list[Paper]:
    """What the page shows of each; `file` should be loaded with them."""
    return [_paper(receipt, data) for receipt in receipts]


def _paper(receipt: Receipt, data: Any) -> Paper:
    count = previews.pages(receipt.file) if receipt.file else 0
    return Paper(
        receipt=receipt,
        form=ReceiptForm(data, receipt),
        pages=range(1, count + 1),
        fields=read_fields(receipt),
        problems=list(receipt.data.get("problems") or []),
        total=_total(receipt),
    )


def read_fields(receipt: Receipt) -> list[ReadField]:
    """What the reader found, each with where it was found."""
    sources, confidence = receipt.data.get("source") or {}, receipt.data.get("confidence") or {}
    return [
        ReadField(
            label,
            str(receipt.data[name]),
            SOURCES.get(str(sources.get(name)), ""),
            confidence.get(name, 1) < SURE,
        )
        for name, label in LABELS.items()
        if receipt.data.get(name)
    ]


def _total(receipt: Receipt) -> Decimal | None:
    try:
        return Decimal(str(receipt.data["total"]))
    except (KeyError, InvalidOperation):
        return None
