"""What was read from a receipt beside what was entered, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from cixi_xiezuo.money import yuan_display
from procurement.checks.base import Subject
from procurement.checks.buyers import Buyer, buyers_of, plain
from procurement.models import Receipt


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of a receipt. `entered` None where the form has nothing to compare with."""

    label: str
    read: str
    entered: str | None = None
    differs: bool = False


def compare(receipt: Receipt, subject: Subject, total: Decimal | None) -> list[Compared]:
    """The fields that were read, in the order of the paper; none for a receipt that was not read.

    `total` is what the lines add up to, None where several invoices do so together.
    """
    return list(_fields(receipt, subject, total))


def _fields(receipt: Receipt, subject: Subject, total: Decimal | None) -> Iterator[Compared]:
    data, purchase = receipt.data, subject.purchase
    day = purchase.effective_date()
    supplier = purchase.supplier.name if purchase.supplier else ""
    buyers = list(buyers_of(subject))
    yield from _text("发票代码", data.get("invoice_code"), receipt.invoice_code)
    yield from _text("发票号码", data.get("invoice_number"), receipt.invoice_number)
    yield from _text("开票日期", data.get("issue_date"), day.isoformat() if day else "")
    yield from _money("价税合计", data.get("total"), total)
    yield from _money("不含税金额", data.get("amount"), None)
    yield from _money("税额", data.get("tax"), None)
    yield from _text("校验码", data.get("check_code"), None)
    yield from _buyer(data.get("buyer_name"), data.get("buyer_id"), buyers)
    yield from _text("购买方税号", data.get("buyer_id"), _known(data.get("buyer_id"), buyers))
    yield from _text("销售方", data.get("seller_name"), supplier)
    yield from _text("销售方税号", data.get("seller_id"), None)


def _known(read: object, buyers: list[Buyer]) -> str | None:
    """The code to compare with: the buyer's whose code it is, else the first that is known."""
    codes = [buyer.uscc for buyer in buyers if buyer.uscc]
    return next((code for code in codes if plain(code) == plain(read)), codes[0] if codes else None)


def _text(label: str, read: object, entered: str | None) -> Iterator[Compared]:
    if read:
        differs = entered is not None and plain(read) != plain(entered)
        yield Compared(label, str(read), entered, differs)


def _buyer(name: object, code: object, buyers: list[Buyer]) -> Iterator[Compared]:
    if name:
        same = any(buyer.is_named(plain(name), plain(code)) for buyer in buyers)
        yield Compared("购买方", str(name), "或".join(buyer.name for buyer in buyers), not same)


def _money(label: str, read: object, entered: Decimal | None) -> Iterator[Compared]:
    if read in (None, ""):
        return
    try:
        value = Decimal(str(read))
    except InvalidOperation:
        yield Compared(label, str(read))
        return
    shown = None if entered is None else yuan_display(entered)
    yield Compared(label, yuan_display(value), shown, entered is not None and value != entered)
