"""Where receipts are kept: a private folder, or a bucket; the same promises hold for both."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from cixi_xiezuo import bucketfiles
from cixi_xiezuo.outbox.work import Later
from procurement import inbox, reading, receipts
from procurement.choices import Reading
from procurement.models import Purchase, Receipt, StoredFile
from tests.buckets import Bucket, running
from tests.factories import make_unit, make_user
from tests.services import ROOT
from units.kinds import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.nodb]

HOTEL = (ROOT / "tests" / "samples" / "e-invoice-2020-hotel.ofd").read_bytes()


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with running() as bucket:
        yield bucket


@pytest.fixture
def bucket(server: Bucket, settings) -> Bucket:
    server.objects, server.away, server.signed, server.writes = {}, False, True, 0
    options = bucketfiles.options(
        bucket="receipts", endpoint=server.url, region="cn-east", key_id="id", secret="secret", prefix="cixi", path_style=True
    )  # fmt: skip
    options["client_config"] = options["client_config"].merge(Config(retries={"max_attempts": 1}))
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "cixi_xiezuo.bucketfiles.BucketFiles", "OPTIONS": options}
    }
    return server


@pytest.fixture(params=["folder", "bucket"])
def store(request) -> None:
    if request.param == "bucket":
        request.getfixturevalue("bucket")


@pytest.fixture
def dropped(client):
    """Drops a file as a clerk and gives its receipt."""
    unit = make_unit("S01", Kind.SCHOOL)
    clerk = make_user("clerk", "clerk", unit)
    client.force_login(clerk)

    def drop(data: bytes = HOTEL, name: str = "发票.ofd") -> Receipt:
        [outcome] = inbox.receive([SimpleUploadedFile(name, data)], unit, clerk)
        assert outcome.receipt is not None
        return outcome.receipt

    return drop


def verify() -> str:
    out = io.StringIO()
    call_command("verify", stdout=out)
    return out.getvalue()


def test_a_receipt_goes_in_is_read_and_comes_out_byte_by_byte(store, dropped, client):
    receipt = dropped()
    reading.read(receipt.pk)
    assert Purchase.objects.get().lines.count() == 1
    assert client.get(f"/receipts/{receipt.pk}/file/").getvalue() == HOTEL
    assert "票据文件：一致" in verify()


def test_verify_reads_every_file_again_and_names_the_damaged_and_the_missing(store, dropped):
    path = receipts.path_of(dropped().file_id)
    default_storage.delete(path)
    default_storage.save(path, ContentFile(HOTEL[:-1] + b"x"))
    missing = StoredFile.objects.create(sha256="0" * 64, size=1, media_type="application/pdf")
    assert list(receipts.damaged_files()) == [
        f"票据文件缺失：{missing.sha256}",
        f"票据文件与校验值不符：{receipts.hashlib.sha256(HOTEL).hexdigest()}",
    ]
    with pytest.raises(CommandError, match="2 处问题"):
        verify()


def test_a_damaged_file_is_neither_handed_out_nor_read(store, dropped, client):
    receipt = dropped()
    default_storage.save(receipts.path_of(receipt.file_id), ContentFile(b"something else"))
    assert client.get(f"/receipts/{receipt.pk}/file/").status_code == 404
    reading.read(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.reading == Reading.FAILED and "丢失或损坏" in receipt.data["problems"][0]


def test_what_was_cut_short_is_written_again(store):
    path = receipts.path_of(receipts.hashlib.sha256(HOTEL).hexdigest())
    default_storage.save(path, ContentFile(HOTEL[:100]))
    assert receipts.content(receipts.store(HOTEL, "application/ofd")) == HOTEL


def test_a_bucket_gets_each_file_once_signed_and_private(bucket, dropped):
    receipt = dropped()
    assert list(bucket.objects) == [f"/receipts/cixi/{receipts.path_of(receipt.file_id)}"]
    receipts.store(HOTEL, "application/ofd")
    assert bucket.writes == 1 and bucket.signed


def test_while_the_bucket_is_away_nothing_is_lost_and_reading_waits(bucket, dropped):
    receipt = dropped()
    bucket.away = True
    with pytest.raises(Later, match="稍后自动重试"):
        reading.read(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.reading == Reading.WAITING and "稍后自动重试" in receipt.data["problems"][0]
    assert [sentence for sentence in receipts.damaged_files() if "读不出来" in sentence]
    bucket.away = False
    reading.read(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.reading == Reading.READ


def test_what_is_dropped_while_the_bucket_is_away_is_refused_with_a_sentence(bucket, client):
    client.force_login(make_user("clerk", "clerk", make_unit("S01", Kind.SCHOOL)))
    bucket.away = True
    client.post("/inbox/", {"unit": "S01", "files": SimpleUploadedFile("发票.ofd", HOTEL)})
    assert "票据存储暂时没有应答" in client.get("/inbox/").content.decode()
    assert not Receipt.objects.exists() and not StoredFile.objects.exists()


def test_a_folders_files_are_for_its_owner_alone_and_never_half_there(dropped, media: Path):
    kept = media / receipts.path_of(dropped().file_id)
    assert kept.stat().st_mode & 0o777 == 0o600 and kept.parent.stat().st_mode & 0o777 == 0o700

    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"the first half"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        default_storage.save("ab/cd/abcd", Broken(b""))
    assert not default_storage.exists("ab/cd/abcd") and list((media / "ab" / "cd").iterdir()) == []


def test_many_at_once_keep_one_file(media: Path):
    threads = [
        threading.Thread(target=default_storage.save, args=("ab/cd/abcd", ContentFile(HOTEL)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.read_bytes() for path in (media / "ab" / "cd").iterdir()] == [HOTEL]
