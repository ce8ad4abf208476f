"""A disk that is full: a page that says so much, nothing half stored, and work goes on once there is room."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from procurement.models import Receipt, StoredFile
from tests.factories import make_unit, make_user
from units.kinds import Kind


@pytest.fixture
def room() -> Iterator[int]:
    """Pages that the database may have beyond those it has; SQLite says the same where the disk is full."""
    if connection.vendor != "sqlite":
        pytest.skip("SQLite can be told how large its file may be")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count")
        (usual,) = cursor.fetchone()
        cursor.execute("VACUUM")  # else what other tests left would be room
        yield usual
        cursor.execute(f"PRAGMA max_page_count = {usual}")


def rooms(pages: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count = {pages}")  # never less than there are


@pytest.mark.django_db(transaction=True)
def test_what_does_not_fit_into_the_database_is_not_there_by_half_and_fits_later(
    media: Path, room: int
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_user("clerk", "clerk", make_unit("S01", Kind.SCHOOL)))

    def drop() -> tuple[int, str]:
        file = SimpleUploadedFile("发票.pdf", b"%PDF-1.4 " + os.urandom(100))
        answer = client.post("/inbox/", {"unit": "S01", "files": file})
        return answer.status_code, answer.content.decode()

    rooms(1)
    stored = 0
    for _ in range(200):  # what room the last pages have left
        status, text = drop()
        if status != 302:
            break
        stored += 1
    assert status == 500 and "您的数据没有受到影响" in text
    assert Receipt.objects.count() == StoredFile.objects.count() == stored
    assert client.get("/inbox/").status_code == 200
    rooms(room)
    assert drop()[0] == 302
    assert Receipt.objects.count() == stored + 1
