"""The page on which files are dropped and followed."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement import reading, unpacking
from procurement.choices import Reading, ReceiptKind, Status
from procurement.extraction import InvoiceData, limits
from procurement.extraction.codec import to_plain
from procurement.models import Purchase, Receipt
from tests.factories import line, make_purchase, make_receipt, make_unit, make_user
from tests.services import ROOT
from units.kinds import Kind

pytestmark = pytest.mark.django_db

SAMPLES = ROOT / "tests" / "samples"


@pytest.fixture
def unit(client):
    unit = make_unit("S01", Kind.SCHOOL)
    client.force_login(make_user("clerk", "clerk", unit))
    return unit


def drop(client, *names, **values):
    files = [SimpleUploadedFile(name, (SAMPLES / name).read_bytes()) for name in names]
    return client.post("/inbox/", {"unit": "S01", "files": files} | values, follow=True).content.decode()


HOTEL, DIGITAL = "e-invoice-2020-hotel.ofd", "e-invoice-2024-fully-digital.ofd"


def test_it_takes_several_files_and_polls_until_they_are_read(client, unit):
    page = drop(client, HOTEL, DIGITAL)
    assert "已收到 2 个文件" in page and 'hx-trigger="every 2s"' in page
    for receipt in Receipt.objects.all():
        reading.read(receipt.pk)
    page = client.get("/inbox/list/").content.decode()
    assert "hx-trigger" not in page and page.count("去补充") == 2 and "526.00" in page
    assert 'id="waits" hx-swap-oob="true"' in page and '草稿<span class="wait-count">2</span>' in page


def test_it_leads_to_the_purchase_that_holds_a_file_already(client, unit):
    drop(client, HOTEL)
    reading.read(Receipt.objects.get().pk)
    page = drop(client, HOTEL)
    purchase = Purchase.objects.get()
    assert "已上传过" in page and f"/purchases/{purchase.pk}/" in page and purchase.number in page


def test_it_asks_for_a_file_when_none_was_chosen(client, unit):
    assert "请先选择票据文件" in drop(client)


def test_it_shows_only_the_files_of_the_persons_units(client, unit):
    drop(client, HOTEL)
    client.force_login(make_user("other", "clerk", make_unit("S02", Kind.SCHOOL)))
    assert HOTEL not in client.get("/inbox/").content.decode()


def test_a_name_cannot_smuggle_markup_into_a_message(client, unit):
    file = SimpleUploadedFile("x", b"MZ")
    file.name = "<img src=x>.pdf"
    page = client.post("/inbox/", {"unit": "S01", "files": [file]}, follow=True).content.decode()
    assert "<img src=x>" not in page and "没有上传" in page


def test_a_file_sent_by_the_script_is_answered_with_what_became_of_it(client, unit):
    def sent(name, data):
        file = SimpleUploadedFile(name, data)
        return client.post("/inbox/file/", {"unit": "S01", "files": file}).content.decode()

    hotel = (SAMPLES / HOTEL).read_bytes()
    assert 'data-taken="1"' in sent(HOTEL, hotel) and Receipt.objects.count() == 1
    again = sent("再一次.ofd", hotel)
    assert 'data-taken="0"' in again and "已上传过" in again
    refused = sent("<b>.exe", b"MZ")
    assert 'data-taken="0"' in refused and "没有上传：不是票据文件" in refused
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("甲/一.pdf", b"%PDF-1.4 1")
        archive.writestr("乙/<i>.txt", b"text")
    both = sent("两份.zip", box.getvalue())
    assert 'data-taken="1"' in both and "一.pdf" in both and "&lt;i&gt;.txt" in both
    assert Receipt.objects.count() == 2


def test_more_than_fifty_files_are_refused_and_none_is_kept(client, unit):
    files = [SimpleUploadedFile(f"{number}.pdf", b"%%PDF-1.4 %d" % number) for number in range(51)]
    page = client.post("/inbox/", {"unit": "S01", "files": files}, follow=True).content.decode()
    assert "一次最多 50 个，没有保存任何一个" in page and not Receipt.objects.exists()


def test_the_drop_area_names_the_limits_that_hold(client, unit):
    page = client.get("/inbox/").content.decode()
    assert f'data-most="{unpacking.MOST}"' in page
    assert f'data-bytes="{limits.MAX_FILE}"' in page and f'data-zip-bytes="{limits.MAX_UNPACKED}"' in page
    assert f"最多 {unpacking.MOST} 个" in page and f"不超过 {limits.MAX_FILE // 1048576} MB" in page


def test_a_number_in_the_address_says_what_was_received_and_nothing_else_does(client, unit):
    assert "已收到 3 个文件" in client.get("/inbox/?taken=3").content.decode()
    for asked in ("", "<b>", "12345", "-1"):
        assert "已收到" not in client.get("/inbox/", {"taken": asked}).content.decode()


@pytest.fixture
def loose(unit):
    """A slip that waits in the inbox, and a draft it might belong to."""
    draft = make_purchase(unit, line("526.00"), status=Status.DRAFT, supplier="布拖合作社")
    other = make_purchase(unit, line("99.00"), status=Status.DRAFT)
    slip = make_receipt(other, b"%PDF-1.4 slip", kind=ReceiptKind.PAYMENT, invoice_number="", name="回单.pdf")
    slip.purchase, slip.reading, slip.together = None, Reading.READ, "与 2 笔采购都可能对应，请选择归入哪一笔"
    slip.save()
    return slip, draft


def test_a_loose_paper_is_put_with_a_purchase_from_the_list_and_taken_back(client, unit, loose):
    slip, draft = loose
    page = client.get("/inbox/").content.decode()
    assert "都可能对应" in page and f'<option value="{draft.pk}">{draft.number} 布拖合作社 526.00' in page
    page = client.post(f"/receipts/{slip.pk}/move/", {"to": ["", draft.pk]}, follow=True).content.decode()
    assert f"已归入采购 {draft.number}" in page and "移回收件箱" in page
    page = client.post(f"/receipts/{slip.pk}/move/", {"to": "inbox"}, follow=True).content.decode()
    slip.refresh_from_db()
    assert slip.purchase is None and "单独生成草稿" in page
    assert "请先选择归入哪一笔" in client.post(f"/receipts/{slip.pk}/move/", follow=True).content.decode()


def test_a_loose_paper_becomes_a_draft_of_its_own(client, unit, loose):
    slip, _ = loose
    slip.data = to_plain(InvoiceData(total=Decimal("12.00"), document="payment"))
    slip.save()
    response = client.post(f"/receipts/{slip.pk}/move/", {"to": ["", "new"]})
    slip.refresh_from_db()
    assert response.url == f"/purchases/{slip.purchase.pk}/"
    assert slip.purchase.lines.get().amount == Decimal("12.00")


def test_nothing_is_moved_to_or_from_what_is_not_the_persons(client, unit, loose):
    slip, _ = loose
    foreign = make_purchase(make_unit("S02", Kind.SCHOOL), status=Status.DRAFT)
    for to in (foreign.pk, 0, "x", "9" * 30):
        assert client.post(f"/receipts/{slip.pk}/move/", {"to": to}).status_code == 404, to
    theirs = foreign.receipts.get()
    assert client.post(f"/receipts/{theirs.pk}/move/", {"to": "inbox"}).status_code == 404
    assert foreign.number not in client.get("/inbox/").content.decode()


def test_a_refused_move_is_told(client, unit, loose):
    slip, _ = loose
    submitted = make_purchase(unit, status=Status.SUBMITTED)
    page = client.post(f"/receipts/{slip.pk}/move/", {"to": submitted.pk}, follow=True).content.decode()
    assert "待审核" in page and "不能增加票据" in page


def test_the_inbox_asks_the_database_little_however_long_it_is(client, unit, django_assert_max_num_queries):
    def fill(count):
        for _ in range(count):
            purchase = make_purchase(unit, status=Status.DRAFT)
            loose = make_receipt(purchase, b"%PDF-1.4 loose", reading=Reading.READ, kind=ReceiptKind.PAYMENT)
            Receipt.objects.filter(pk=loose.pk).update(purchase=None)
            make_receipt(purchase, b"%PDF-1.4 kept", reading=Reading.READ)

    fill(2)
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as few:
        client.get("/inbox/")
    fill(10)
    with django_assert_max_num_queries(min(12, len(few))):
        client.get("/inbox/")
