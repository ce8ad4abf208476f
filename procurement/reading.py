"""One receipt from "waiting" to a draft purchase. Safe to run twice, at once, or after a crash.

Claimed in one transaction, read outside any, finished in another; whoever finishes second finds nothing to do.
"""

from __future__ import annotations

import datetime
import itertools
import logging
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from procurement import placing, previews, receipts, scanning
from procurement.choices import EDITABLE, PENDING, Reading, ReceiptKind, Scan
from procurement.extraction import InvoiceData, run_limited
from procurement.extraction.codec import to_plain
from procurement.first_drafts import clean, draft_of
from procurement.grouping import DAYS
from procurement.models import Receipt
from procurement.red_invoices import is_red

log = logging.getLogger(__name__)

ABANDONED_AFTER = 75  # seconds; reading may take 30, drawing a page 20; a second reader does no harm
LEFT_AFTER = 30  # seconds that a receipt may wait before the sweep sends its task again

KINDS = {
    "invoice": ReceiptKind.INVOICE,
    "payment": ReceiptKind.PAYMENT,
    "freight": ReceiptKind.FREIGHT,
    "contract": ReceiptKind.CONTRACT,
}


def read(pk: int) -> None:
    claim = _claim(pk)
    if claim is None:
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
        _put_back(pk, claim, "票据存储暂时没有应答，稍后自动重试")
        return
    else:
        why = scanning.settle(receipt.file, content)
        if why and receipt.file.scan == Scan.WAITING:
            _put_back(pk, claim, why)
            return
        data = InvoiceData(problems=(why,)) if why else run_limited(content, receipt.name)
        if not why:
            previews.warm(receipt.file, content)
    _finish(pk, claim, data)


@transaction.atomic
def _claim(pk: int) -> str | None:
    """Take the receipt for reading; None where it is read already or somebody is at it."""
    receipt = Receipt.objects.select_for_update().filter(pk=pk, file__isnull=False).first()
    if receipt is None or receipt.reading not in PENDING:
        return None
    if receipt.reading == Reading.READING and not _abandoned(receipt):
        return None
    claim = uuid.uuid4().hex
    receipt.reading = Reading.READING
    receipt.data = {"claim": claim, "claimed_at": timezone.now().isoformat()}
    receipt.save(update_fields=["reading", "data"])
    return claim


def _abandoned(receipt: Receipt) -> bool:
    """Whoever claimed it has had longer than any task may run."""
    since = receipt.data.get("claimed_at")
    age = timezone.now() - datetime.datetime.fromisoformat(since) if since else None
    return age is None or age > datetime.timedelta(seconds=ABANDONED_AFTER)


def left_behind(most: int = 500) -> list[int]:
    """Ids of receipts whose message was lost, or whose reader died: nobody is at them. The oldest first."""
    since = timezone.now() - datetime.timedelta(seconds=LEFT_AFTER)
    pending = Receipt.objects.filter(reading__in=PENDING, file__isnull=False, uploaded_at__lt=since).order_by(
        "pk"
    )
    free = (each.pk for each in pending if each.reading == Reading.WAITING or _abandoned(each))
    return list(itertools.islice(free, most))


@transaction.atomic
def _put_back(pk: int, claim: str, why: str) -> None:
    """It waits again, and the sweep sends it again."""
    mine = Receipt.objects.select_for_update().filter(pk=pk, reading=Reading.READING).first()
    if mine is not None and mine.data.get("claim") == claim:
        mine.reading, mine.data = Reading.WAITING, {"problems": [why]}
        mine.save(update_fields=["reading", "data"])


@transaction.atomic
def _finish(pk: int, claim: str, data: InvoiceData) -> None:
    unit = Receipt.objects.filter(pk=pk).values_list("unit", flat=True).first()
    if unit is None:
        return
    placing.hold(unit)
    receipt = Receipt.objects.select_for_update(of=("self",)).select_related("unit", "file").get(pk=pk)
    if receipt.reading != Reading.READING or receipt.data.get("claim") != claim:
        return
    _fill(receipt, data)
    assert receipt.file is not None
    if receipt.purchase_id is None and receipt.file.scan != Scan.INFECTED:
        _give_purchase(receipt, data)
    _save(receipt)
    placing.regroup(unit)


def _fill(receipt: Receipt, data: InvoiceData) -> None:
    """What was read goes to the receipt, cleaned of what a database does not take."""
    plain = clean(to_plain(data))
    code, number = receipts.normal_number(data.invoice_code), receipts.normal_number(data.invoice_number)
    if len(code) > 20 or len(number) > 30:
        plain["problems"].append("读到的发票代码或号码过长，未采用，请核对")
        code = number = ""
    receipt.kind = KINDS.get("invoice" if data.kind == "invoice" else data.document, ReceiptKind.OTHER)
    receipt.invoice_code, receipt.invoice_number = code, number
    receipt.identity = receipts.identity(code, number)
    receipt.red_of = data.red_of if is_red(data.total) else ""
    found = bool(data.invoice_number or data.total is not None or data.issue_date)
    receipt.reading = Reading.READ if found else Reading.FAILED
    receipt.data = plain


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
