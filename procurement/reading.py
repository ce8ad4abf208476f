"""One receipt from "waiting" to a draft purchase. Safe to run twice, at once, or after a crash.

Read outside any transaction, finished in one; whoever finishes second finds nothing to do.
"""

from __future__ import annotations

import logging
import time

from django.db import IntegrityError, transaction

from cixi_xiezuo.counters import READINGS
from cixi_xiezuo.outbox.work import Later
from procurement import placing, previews, receipts, scanning
from procurement.choices import EDITABLE, PENDING, Reading, ReceiptKind, Scan
from procurement.extraction import InvoiceData, limits, run_limited
from procurement.extraction.codec import to_plain
from procurement.first_drafts import clean, draft_of
from procurement.grouping import DAYS
from procurement.models import Receipt
from procurement.red_invoices import is_red

log = logging.getLogger(__name__)

KINDS = {
    "invoice": ReceiptKind.INVOICE,
    "payment": ReceiptKind.PAYMENT,
    "freight": ReceiptKind.FREIGHT,
    "contract": ReceiptKind.CONTRACT,
}


def read(pk: int) -> None:
    """Read it unless it is read already. Raises Later where the store or the virus scanner is away."""
    waiting = Receipt.objects.filter(pk=pk, file__isnull=False, reading__in=PENDING)
    if not waiting.update(reading=Reading.READING):
        return
    receipt = Receipt.objects.select_related("file").get(pk=pk)
    assert receipt.file is not None
    try:
        content = receipts.content(receipt.file)
    except (FileNotFoundError, receipts.Damaged):
        log.exception("receipt %s: its file is missing or damaged", pk)
        data = InvoiceData(problems=("票据文件已丢失或损坏，请重新上传，并告知系统管理员",))
    except OSError as error:
        log.warning("receipt %s: the store is away: %s", pk, error)
        raise _put_back(pk, "票据存储暂时没有应答，稍后自动重试") from error
    else:
        why = scanning.settle(receipt.file, content)
        if why and receipt.file.scan == Scan.WAITING:
            raise _put_back(pk, why)
        began = time.monotonic()
        data = InvoiceData(problems=(why,)) if why else run_limited(content, receipt.name)
        quick = time.monotonic() - began < limits.SECONDS  # else its first page is drawn at the first look
        if quick and not why:
            previews.warm(receipt.file, content)
    _finish(pk, data)


def _put_back(pk: int, why: str) -> Later:
    """It waits again, and says for what."""
    Receipt.objects.filter(pk=pk, reading=Reading.READING).update(
        reading=Reading.WAITING, data={"problems": [why]}
    )
    return Later(why)


def given_up(pk: int) -> None:
    """Whoever read it died again and again: it is the clerk's to fill in."""
    Receipt.objects.filter(pk=pk, reading__in=PENDING).update(
        reading=Reading.FAILED, data={"problems": ["识别多次中断，未能读出内容，请对照票据手工填写"]}
    )


def again(pk: int) -> None:
    """What was given up waits once more."""
    Receipt.objects.filter(pk=pk, reading=Reading.FAILED).update(reading=Reading.WAITING)


@transaction.atomic
def _finish(pk: int, data: InvoiceData) -> None:
    unit = Receipt.objects.filter(pk=pk).values_list("unit", flat=True).first()
    if unit is None:
        return
    placing.hold(unit)
    receipt = Receipt.objects.select_for_update(of=("self",)).select_related("unit", "file").get(pk=pk)
    if receipt.reading not in PENDING:
        return
    _fill(receipt, data)
    assert receipt.file is not None
    if receipt.purchase_id is None and receipt.file.scan != Scan.INFECTED:
        _give_purchase(receipt, data)
    _save(receipt)
    placing.regroup(unit)
    READINGS.labels(data.format or "none", receipt.reading).inc()


def _fill(receipt: Receipt, data: InvoiceData) -> None:
    """What was read goes to the receipt, cleaned of what a database does not take."""
    plain = clean(to_plain(data))
    code, number = receipts.normal_number(data.invoice_code), receipts.normal_number(data.invoice_number)
    if len(code) > 20 or len(number) > 30:
        plain["problems"].append("读到的发票代码或号码过长，未采用，请核对")
        code = number = ""
    kind, identity = (
        KINDS.get("invoice" if data.kind == "invoice" else data.document, ReceiptKind.OTHER),
        receipts.identity(code, number),
    )
    if not receipt.identity:
        receipt.kind, receipt.identity = kind, identity
        receipt.invoice_code, receipt.invoice_number = code, number
    elif identity not in ("", receipt.identity) or kind not in (receipt.kind, ReceiptKind.OTHER):
        plain["problems"].insert(0, _other(receipt, kind, identity))
        plain["other_paper"] = True
    receipt.red_of = data.red_of if is_red(data.total) else ""
    found = bool(data.invoice_number or data.total is not None or data.issue_date)
    receipt.reading = Reading.READ if found else Reading.FAILED
    receipt.data = plain


def _other(receipt: Receipt, kind: str, identity: str) -> str:
    """What somebody named the invoice stays; the file seems to be another paper."""
    seen = f"发票 {identity}" if identity else f"一份{ReceiptKind(kind).label}"
    return f"登记的是发票 {receipt.identity}，文件看来是{seen}，请核对是否传错"


def _give_purchase(receipt: Receipt, data: InvoiceData) -> None:
    """Put it with the unit's editable purchase that holds the same invoice, else make a draft of it.

    A paper that belongs to somebody else's invoice waits in the inbox for `placing.regroup`, or for the clerk.
    """
    twin = None
    if receipt.identity:
        twin = (
            Receipt.objects.filter(
                unit=receipt.unit, identity=receipt.identity, purchase__status__in=EDITABLE
            )
            .select_related("purchase")
            .first()
        )
    if twin is not None:
        receipt.purchase = twin.purchase
        _second_copy(receipt)
    elif receipt.kind not in DAYS:
        receipt.purchase = draft_of(receipt, data, receipt.uploaded_by)


def _second_copy(receipt: Receipt) -> None:
    """The same invoice in another file (its PDF and its OFD): kept beside the first, which holds the invoice."""
    receipt.data["problems"].insert(0, f"发票 {receipt.identity} 在本采购中已有一份，这份作为附件保存")
    receipt.identity = ""


def _save(receipt: Receipt) -> None:
    try:
        with transaction.atomic():
            receipt.save()
    except IntegrityError:  # attached to a purchase that holds the same invoice already
        _second_copy(receipt)
        receipt.save()
