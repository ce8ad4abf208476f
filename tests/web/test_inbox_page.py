"""The page on which files are dropped and followed."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from procurement import reading, unpacking
from procurement.extraction import limits
from procurement.models import Purchase, Receipt
from tests.factories import make_unit, make_user
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
