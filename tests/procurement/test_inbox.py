"""Dropped files: kept once, read in the background, each a draft purchase."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed
from procurement import attachments, inbox, reading, workflow
from procurement.choices import Reading, ReceiptKind, Status
from procurement.models import Purchase, Receipt, StoredFile
from tests.factories import make_unit, make_user
from tests.services import ROOT
from units.kinds import Kind

pytestmark = pytest.mark.django_db

SAMPLES = ROOT / "tests" / "samples"
HOTEL = (SAMPLES / "e-invoice-2020-hotel.ofd").read_bytes()
DIGITAL = (SAMPLES / "e-invoice-2024-fully-digital.ofd").read_bytes()


def upload(data: bytes = HOTEL, name: str = "发票.ofd") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def unit():
    return make_unit("S01", Kind.SCHOOL)


@pytest.fixture
def clerk(unit):
    return make_user("clerk", "clerk", unit)


@pytest.fixture
def sent(monkeypatch):
    """The ids of receipts whose reading was asked for."""
    asked = []
    monkeypatch.setattr("procurement.inbox.enqueue", lambda task, pk: asked.append(pk))
    return asked


def test_it_keeps_a_dropped_file_and_asks_for_its_reading(unit, clerk, sent):
    [outcome] = inbox.receive([upload(name="C:\\桌面\\一张.ofd")], unit, clerk)
    receipt = outcome.receipt
    assert (receipt.name, receipt.reading, receipt.purchase) == ("一张.ofd", Reading.WAITING, None)
    assert receipt.file.media_type == "application/ofd" and receipt.file.size == len(HOTEL)
    assert sent == [receipt.pk]
    assert AuditEvent.objects.get(action="上传票据").detail["sha256"] == receipt.file_id


def test_it_makes_one_draft_of_an_invoice_however_often_it_is_read(unit, clerk, sent):
    [outcome] = inbox.receive([upload()], unit, clerk)
    for _ in range(3):
        reading.read(outcome.receipt.pk)
    purchase = Purchase.objects.get()
    receipt = purchase.receipts.get()
    assert (receipt.reading, receipt.kind) == (Reading.READ, ReceiptKind.INVOICE)
    assert receipt.identity and receipt.data["problems"] == []
    assert purchase.number == f"{purchase.invoice_date.year}-S01-0001"
    assert purchase.status == Status.DRAFT and purchase.recorded_by == clerk
    assert purchase.supplier is not None and purchase.date == purchase.invoice_date
    line = purchase.lines.get()
    assert (line.product_name, line.amount) == ("餐费", Decimal("526.00"))


def test_it_says_that_the_same_file_is_there_already(unit, clerk, sent):
    [first] = inbox.receive([upload()], unit, clerk)
    reading.read(first.receipt.pk)
    [again] = inbox.receive([upload(name="另一个名字.ofd")], unit, clerk)
    assert again.known and again.receipt.purchase == Purchase.objects.get()
    assert StoredFile.objects.count() == Receipt.objects.count() == 1


def test_it_takes_the_same_file_again_once_its_purchase_is_void(unit, clerk, sent):
    [first] = inbox.receive([upload()], unit, clerk)
    reading.read(first.receipt.pk)
    workflow.void(Purchase.objects.get(), by=clerk)
    [again] = inbox.receive([upload()], unit, clerk)
    reading.read(again.receipt.pk)
    assert not again.known and Purchase.objects.filter(status=Status.DRAFT).count() == 1


def test_it_keeps_the_bytes_once_for_two_units_that_drop_the_same_file(unit, clerk, sent):
    other = make_unit("S02", Kind.SCHOOL)
    inbox.receive([upload()], unit, clerk)
    [outcome] = inbox.receive([upload()], other, make_user("other", "clerk", other))
    assert not outcome.known
    assert (StoredFile.objects.count(), Receipt.objects.count()) == (1, 2)


def test_it_puts_a_second_copy_of_an_invoice_with_the_first(unit, clerk, sent):
    [first] = inbox.receive([upload()], unit, clerk)
    reading.read(first.receipt.pk)
    [copy] = inbox.receive([upload(HOTEL + b" ")], unit, clerk)
    reading.read(copy.receipt.pk)
    copy.receipt.refresh_from_db()
    assert copy.receipt.purchase == Purchase.objects.get()
    assert copy.receipt.identity == "" and "已有一份" in copy.receipt.data["problems"][0]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00 a program", "不是票据文件"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "不是票据文件"),
        (b"<svg onload='x'>", "不是票据文件"),
        (b"%PDF-" + b"0" * (20 * 1024 * 1024), "超过上限"),
    ],
)
def test_it_refuses_what_is_no_receipt_and_keeps_the_others(unit, clerk, sent, data, sentence):
    bad, good = inbox.receive([upload(data), upload()], unit, clerk)
    assert sentence in bad.refusal and bad.receipt is None
    assert good.receipt is not None and Receipt.objects.count() == 1


def test_it_makes_an_empty_draft_of_what_it_cannot_read_and_says_so(unit, clerk, sent):
    [outcome] = inbox.receive([upload(b"%PDF-1.4 broken", "坏.pdf")], unit, clerk)
    reading.read(outcome.receipt.pk)
    outcome.receipt.refresh_from_db()
    assert outcome.receipt.reading == Reading.FAILED and outcome.receipt.data["problems"]
    assert not outcome.receipt.purchase.lines.exists()


def test_it_refuses_a_unit_that_is_not_the_persons(clerk, sent):
    with pytest.raises(NotAllowed):
        inbox.receive([upload()], make_unit("S02", Kind.SCHOOL), clerk)
    assert not Receipt.objects.exists()


def test_it_takes_a_receipt_off_a_draft_but_not_off_a_submission(unit, clerk, sent):
    [first] = inbox.receive([upload()], unit, clerk)
    reading.read(first.receipt.pk)
    purchase = Purchase.objects.get()
    [second] = inbox.receive([upload(DIGITAL)], unit, clerk, purchase=purchase)
    reading.read(second.receipt.pk)
    assert Purchase.objects.count() == 1 and purchase.receipts.count() == 2
    attachments.remove(second.receipt, by=clerk)
    assert purchase.receipts.count() == 1
    assert AuditEvent.objects.get(action="删除票据").detail["name"] == "发票.ofd"
