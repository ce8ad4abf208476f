"""What a clerk may do to the receipts of a purchase that is still theirs to change."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from cixi_xiezuo import audit
from cixi_xiezuo.errors import Refused, Stale
from procurement import receipts
from procurement.checking import set_result
from procurement.choices import EDITABLE, CheckResult, ReceiptKind
from procurement.models import Purchase, Receipt
from procurement.workflow import locked, note_hand, require_recorder, require_status


def _editable(receipt: Receipt, by: Any, doing: str) -> tuple[Receipt, Purchase]:
    held_by = Receipt.objects.values_list("purchase", flat=True).get(pk=receipt.pk)
    if held_by is None:
        raise Refused("这份票据不属于任何采购")
    purchase = locked(held_by)
    receipt = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if receipt.purchase_id != held_by:
        raise Stale("这份票据刚刚被移走，请刷新后再操作")
    require_recorder(purchase, by)
    require_status(purchase, EDITABLE, doing)
    note_hand(purchase, by)
    return receipt, purchase


@transaction.atomic
def remove(receipt: Receipt, *, by: Any) -> None:
    """Take a receipt off its purchase. The bytes stay in storage; the trail says whose they were."""
    receipt, purchase = _editable(receipt, by, "删除票据")
    audit.record(
        "删除票据",
        by=by,
        subject=f"采购 {purchase.number}",
        stream=purchase.unit.code,
        name=receipt.name,
        sha256=receipt.file_id,
        identity=receipt.identity,
    )
    receipt.delete()


@transaction.atomic
def describe(receipt: Receipt, *, by: Any, kind: str, code: str, number: str) -> Receipt:
    """Correct the kind of a receipt and its invoice's code and number, as printed on the paper."""
    receipt, purchase = _editable(receipt, by, "更正票据")
    if kind not in ReceiptKind.values:
        raise Refused("票据类别不在可选范围内，请重新选择")
    code, number = receipts.normal_number(code), receipts.normal_number(number)
    if len(code) > 20 or len(number) > 30:
        raise Refused("发票代码最多 20 位、发票号码最多 30 位，请与票面核对")
    before = [receipt.kind, receipt.invoice_code, receipt.invoice_number]
    if before == [kind, code, number]:
        return receipt
    receipt.kind, receipt.invoice_code, receipt.invoice_number = kind, code, number
    receipt.identity = receipts.identity(code, number)
    if before[1:] != [code, number]:
        set_result(receipt, CheckResult.UNCHECKED)  # what was checked was another number
    try:
        with transaction.atomic():
            receipt.save()
    except IntegrityError as error:
        raise Refused(f"发票 {receipt.identity} 在本采购中已有一份") from error
    audit.record(
        "更正票据",
        by=by,
        subject=f"采购 {purchase.number}",
        stream=purchase.unit.code,
        name=receipt.name,
        before=before,
        after=[kind, code, number],
    )
    return receipt
