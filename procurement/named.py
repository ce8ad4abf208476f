"""Files named after a purchase or an invoice, as the originals of purchases that a workbook named: each finds its own.

The name may be the file's or a folder's in the zip: 采购编号 (with more after a blank or a bracket), or 发票号码.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from procurement.choices import EDITABLE, Status
from procurement.models import Purchase, Receipt
from procurement.models.purchase import PurchaseQuerySet

DECIDED = (Status.SUBMITTED, Status.APPROVED)
"""No papers are added to these, but the invoice they name may still get its original."""
SHORTEST = 5  # characters of a number that may have more behind it
_END = re.compile(r"[\s_.·,，、;；()（）\[\]【】+-]")
_INVOICE = re.compile(r"(?<!\d)\d{8,20}(?!\d)")


class Place(NamedTuple):
    """Where a file belongs. `receipt`: the invoice without an original that it is, if one."""

    purchase: Purchase
    receipt: Receipt | None = None


def places(paths: Iterable[str], purchases: PurchaseQuerySet) -> dict[str, Place]:
    """Of each path that names one of the purchases, its place. At most two queries."""
    parts = {path: _parts(path) for path in paths}
    words = {
        word
        for each in parts.values()
        for part in each
        for word in (*_numbers(part), *_INVOICE.findall(part))
    }
    if not words:
        return {}
    live = purchases.filter(status__in=[*EDITABLE, *DECIDED]).select_related("unit")
    named = {purchase.number: purchase for purchase in live.filter(number__in=words)}
    bare = Receipt.objects.filter(file=None, purchase__in=live).exclude(invoice_number="")
    wanted = bare.filter(invoice_number__in=words) | bare.filter(purchase__in=named.values())
    empty = list(wanted.select_related("purchase__unit").order_by("pk"))
    found = ((path, _place(each, named, empty)) for path, each in parts.items())
    return {path: place for path, place in found if place is not None}


def _parts(path: str) -> list[str]:
    """The file's name without its ending, then its folders from the inside out."""
    *folders, name = path.replace("\\", "/").split("/")
    return [name.rpartition(".")[0] or name, *reversed(folders)]


def _numbers(part: str) -> Iterator[str]:
    """What could be a purchase's number: the whole, then ever less of its beginning."""
    part = part.strip()
    yield part
    for end in reversed(list(_END.finditer(part))):
        if end.start() >= SHORTEST:
            yield part[: end.start()]


def _place(parts: list[str], named: dict[str, Purchase], empty: list[Receipt]) -> Place | None:
    purchase = next((named[word] for part in parts for word in _numbers(part) if word in named), None)
    invoices = {number for part in parts for number in _INVOICE.findall(part)}
    fitting = [each for each in empty if purchase is None or each.purchase_id == purchase.pk]
    called = [each for each in fitting if each.invoice_number in invoices]
    if not called and purchase is not None:
        called = fitting
    receipt = called[0] if len(called) == 1 else None
    if receipt is not None:
        return Place(receipt.purchase or purchase, receipt)  # type: ignore[arg-type]
    return Place(purchase) if purchase is not None else None


def why_not(place: Place) -> str:
    """Why the purchase takes no such file, as a sentence; "" where it does."""
    purchase = place.purchase
    if place.receipt is not None or purchase.status in EDITABLE:
        return ""
    return (
        f"采购 {purchase.number} 为“{purchase.get_status_display()}”，没有唯一一张缺原件的发票与它对应："
        "已有原件的不再增加；有多张的，文件请以发票号码命名"
    )
