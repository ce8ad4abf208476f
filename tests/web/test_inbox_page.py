"""The page on which files are dropped and followed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from procurement import reading
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
