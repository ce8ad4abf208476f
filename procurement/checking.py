"""查验: what the state's checking site asks of an invoice, and what a reviewer found there.

The site (全国增值税发票查验平台) has no service to call: a person types the fields and writes down the outcome.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import Refused
from procurement.choices import LIVE, CheckResult, ReceiptKind
from procurement.models import Receipt
from procurement.workflow import locked, require_reviewer, require_status

SPECIAL = ("01", "08")  # 专用发票, by the type in the QR code
DIGITAL = ("31", "32")  # 数电票


class Needed(NamedTuple):
    """`value` as the site wants it typed; "" where it was not read."""

    label: str
    value: str


def needed(receipt: Receipt) -> list[Needed]:
    """The fields to type for an invoice, in the site's order; none for other papers."""
    if not checkable(receipt):
        return []
    data = receipt.data
    kind = str(data.get("invoice_type") or "")
    number = Needed("发票号码", receipt.invoice_number)
    day = Needed("开票日期", str(data.get("issue_date") or "").replace("-", ""))
    if kind in DIGITAL or len(receipt.invoice_number) == 20:
        return [number, day, Needed("价税合计", _amount(data.get("total")))]
    head = [Needed("发票代码", receipt.invoice_code), number, day]
    check = "".join(str(data.get("check_code") or "").split())
    if kind in SPECIAL or (not kind and not check):
        return [*head, Needed("不含税金额", _amount(data.get("amount")))]
    return [*head, Needed("校验码后六位", check[-6:])]


def checkable(receipt: Receipt) -> bool:
    return receipt.kind == ReceiptKind.INVOICE and bool(receipt.invoice_number)


def _amount(value: Any) -> str:
    try:
        return f"{Decimal(str(value)):.2f}"
    except InvalidOperation:
        return ""


@transaction.atomic
def record_check(receipt: Receipt, *, result: str, by: Any) -> Receipt:
    """Write down what the site said of an invoice; 未查 takes that back. The purchase itself stays as it is."""
    receipt = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if receipt.purchase_id is None:
        raise Refused("这份票据不属于任何采购")
    purchase = locked(receipt.purchase_id)
    require_reviewer(purchase, by)
    require_status(purchase, LIVE, "记录查验")
    if not checkable(receipt):
        raise Refused(f"票据“{receipt}”不是有号码的发票，不用查验")
    if result not in CheckResult.values:
        raise Refused("查验结果应为：" + "、".join(CheckResult.labels))
    if receipt.check_result == result:
        return receipt
    before = receipt.get_check_result_display()
    set_result(receipt, result, audit.actor_name(by))
    receipt.save(update_fields=["check_result", "checked_by", "checked_at"])
    audit.record(
        "查验发票",
        by=by,
        subject=f"采购 {purchase.number}",
        stream=purchase.unit.code,
        name=str(receipt),
        identity=receipt.identity,
        moved=[before, receipt.get_check_result_display()],
    )
    return receipt


def set_result(receipt: Receipt, result: str, by: str = "") -> None:
    """Who and when stand beside an outcome only (not saved here)."""
    done = result != CheckResult.UNCHECKED
    receipt.check_result = result
    receipt.checked_by, receipt.checked_at = (by, timezone.now()) if done else ("", None)
