"""Receipts leave the system only to those who may see them, and only harmlessly."""

import io

import pytest
from django.core.cache import cache
from PIL import Image

from procurement import confined, previews, receipts
from procurement.models import Receipt
from tests.factories import make_purchase, make_unit, make_user
from tests.services import ROOT
from units.kinds import Kind

pytestmark = pytest.mark.django_db

HOTEL = (ROOT / "tests" / "samples" / "e-invoice-2020-hotel.ofd").read_bytes()


def picture(size=(300, 200)):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def unit(client):
    unit = make_unit("S01", Kind.SCHOOL)
    client.force_login(make_user("clerk", "clerk", unit))
    return unit


def receipt_of(unit, data, media_type, name="票据.bin"):
    receipt = make_purchase(unit, receipt=data).receipts.get()
    receipt.file.media_type = media_type
    receipt.file.save()
    Receipt.objects.filter(pk=receipt.pk).update(name=name)
    return receipt


def test_it_hands_out_the_original_as_a_download_that_cannot_run(client, unit):
    receipt = receipt_of(unit, HOTEL, "application/ofd", "酒店 发票.ofd")
    response = client.get(f"/receipts/{receipt.pk}/file/")
    assert b"".join(response.streaming_content) == HOTEL
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert response["X-Content-Type-Options"] == "nosniff" and "no-store" in response["Cache-Control"]


def test_it_shows_an_image_as_a_picture_and_keeps_it(client, unit):
    receipt = receipt_of(unit, picture(), "image/png")
    response = client.get(f"/receipts/{receipt.pk}/page/1/")
    assert response["Content-Type"] == "image/png" and Image.open(io.BytesIO(response.content)).size == (
        300,
        200,
    )
    assert previews.pages(receipt.file) == 1
    assert client.get(f"/receipts/{receipt.pk}/page/2/").status_code == 404


@pytest.mark.parametrize("media_type", ["application/ofd", "application/pdf", "image/png"])
def test_it_has_no_picture_of_an_ofd_or_of_a_broken_file(client, unit, media_type):
    receipt = receipt_of(unit, HOTEL, media_type)
    assert client.get(f"/receipts/{receipt.pk}/page/1/").status_code == 404
    assert previews.pages(receipt.file) == 0


def test_a_drawing_that_was_late_is_tried_again_after_a_while(client, unit, monkeypatch):
    receipt, tries = receipt_of(unit, picture(), "image/png"), []
    with monkeypatch.context() as busy:
        busy.setattr(confined, "run", lambda *_, **__: tries.append(1) or confined.Ended(late=True))
        for _ in range(3):
            assert client.get(f"/receipts/{receipt.pk}/page/1/").status_code == 404
    assert len(tries) == 1, "not at every look"
    cache.clear()  # the pause is over
    assert client.get(f"/receipts/{receipt.pk}/page/1/").status_code == 200
    assert previews.pages(receipt.file) == 1


def test_it_answers_not_found_where_the_file_is_gone(client, unit):
    receipt = receipt_of(unit, HOTEL, "application/ofd")
    from django.core.files.storage import default_storage

    default_storage.delete(receipts.path_of(receipt.file_id))
    assert client.get(f"/receipts/{receipt.pk}/file/").status_code == 404


def test_it_gives_nothing_to_a_stranger(client, unit):
    receipt = receipt_of(unit, HOTEL, "application/ofd")
    client.logout()
    assert client.get(f"/receipts/{receipt.pk}/file/").status_code == 302
