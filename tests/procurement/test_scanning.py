"""Files looked through for viruses: refused, passed, or kept closed until the scanner answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.outbox.work import Later
from procurement import inbox, reading, scanning, workflow
from procurement.choices import Reading, Scan, Status
from procurement.models import Purchase, Receipt, StoredFile
from procurement.tasks import scan_waiting
from tests.clamd import EICAR, Daemon, running
from tests.factories import make_policy, make_purchase, make_unit, make_user
from tests.services import ROOT
from units.kinds import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.nodb]

HOTEL = (ROOT / "tests" / "samples" / "e-invoice-2020-hotel.ofd").read_bytes()
NOBODY = "127.0.0.1:9"  # the discard port: nothing listens


@pytest.fixture
def daemon(settings) -> Iterator[Daemon]:
    with running() as daemon:
        settings.CLAMAV_ADDRESS = daemon.address
        yield daemon


@pytest.fixture
def unit():
    return make_unit("S01", Kind.SCHOOL)


@pytest.fixture
def clerk(unit, client):
    clerk = make_user("clerk", "clerk", unit)
    client.force_login(clerk)
    return clerk


def drop(unit, clerk, data: bytes = HOTEL, name: str = "发票.ofd") -> inbox.Outcome:
    [outcome] = inbox.receive([SimpleUploadedFile(name, data)], unit, clerk)
    return outcome


def infected() -> bytes:
    return b"%PDF-1.4 " + EICAR


def test_a_file_with_a_virus_is_refused_with_a_sentence_and_not_kept(daemon, unit, clerk, media):
    outcome = drop(unit, clerk, infected(), "发票.pdf")
    assert "含有病毒（Eicar-Test-Signature），已拒收" in outcome.refusal
    assert not Receipt.objects.exists() and not StoredFile.objects.exists() and not any(media.iterdir())
    event = AuditEvent.objects.get(action="拒收带病毒的文件")
    assert event.actor == "clerk" and event.detail["reason"] == "Eicar-Test-Signature"


def test_a_clean_file_is_sent_whole_passed_and_read(daemon, unit, clerk, client):
    receipt = drop(unit, clerk).receipt
    assert daemon.seen == [HOTEL] and receipt.file.scan == Scan.CLEAN
    reading.read(receipt.pk)
    assert Purchase.objects.exists() and len(daemon.seen) == 1
    assert client.get(f"/receipts/{receipt.pk}/file/").getvalue() == HOTEL


@pytest.mark.parametrize("trouble", ["nobody", "nonsense", "hangs up", "bad address"])
def test_while_the_scanner_gives_no_verdict_a_file_stays_closed_and_is_asked_about_again(
    daemon, unit, clerk, client, settings, trouble
):
    if trouble == "nobody":
        settings.CLAMAV_ADDRESS = NOBODY
    elif trouble == "bad address":
        settings.CLAMAV_ADDRESS = "clamav"
    else:
        daemon.says = "" if trouble == "hangs up" else "INSTREAM size limit exceeded. ERROR"
    receipt = drop(unit, clerk).receipt
    with pytest.raises(Later, match="待扫描"):
        reading.read(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.reading == Reading.WAITING and "待扫描" in receipt.data["problems"][0]
    assert not Purchase.objects.exists()
    refused = client.get(f"/receipts/{receipt.pk}/file/")
    assert refused.status_code == 403 and "待扫描" in refused.content.decode()
    page = client.get("/inbox/").content.decode()
    assert "待扫描" in page and f"/receipts/{receipt.pk}/file/" not in page
    settings.CLAMAV_ADDRESS, daemon.says = daemon.address, None
    reading.read(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.reading == Reading.READ and receipt.purchase.lines.exists()
    assert client.get(f"/receipts/{receipt.pk}/file/").status_code == 200


def test_a_file_read_before_the_scanner_was_there_is_said_to_wait_for_it(unit, clerk, client, settings):
    receipt = drop(unit, clerk).receipt
    settings.CLAMAV_ADDRESS = ""
    reading.read(receipt.pk)
    receipt.file.refresh_from_db()
    receipt.file.scan = Scan.WAITING
    receipt.file.save()
    assert "待扫描" not in client.get("/inbox/").content.decode()
    settings.CLAMAV_ADDRESS = NOBODY
    assert client.get("/inbox/").content.decode().count("待扫描") == 1


def test_a_virus_found_late_closes_the_file_for_good_and_makes_no_draft(
    daemon, unit, clerk, client, settings
):
    settings.CLAMAV_ADDRESS = NOBODY
    receipt = drop(unit, clerk, infected(), "发票.pdf").receipt
    settings.CLAMAV_ADDRESS = daemon.address
    reading.read(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.reading == Reading.FAILED and "含有病毒" in receipt.data["problems"][0]
    assert receipt.purchase is None and AuditEvent.objects.filter(action="发现病毒").exists()
    for address in ("file/", "page/1/"):
        assert client.get(f"/receipts/{receipt.pk}/{address}").status_code in (403, 404)
    assert "已拒收" in drop(make_unit("S02"), None, infected(), "另一个.pdf").refusal
    settings.CLAMAV_ADDRESS = ""
    assert client.get(f"/receipts/{receipt.pk}/file/").status_code == 403
    assert "已停用" in drop(unit, clerk, infected(), "发票.pdf").refusal


def test_files_kept_before_there_was_a_scanner_are_closed_until_the_sweep_has_passed_them(
    unit, clerk, client, settings
):
    receipt = drop(unit, clerk).receipt
    reading.read(receipt.pk)
    assert client.get(f"/receipts/{receipt.pk}/file/").status_code == 200
    with running() as daemon:
        settings.CLAMAV_ADDRESS = daemon.address
        assert client.get(f"/receipts/{receipt.pk}/file/").status_code == 403
        scan_waiting()
        assert client.get(f"/receipts/{receipt.pk}/file/").status_code == 200
        scanning.catch_up()
        assert daemon.seen == [HOTEL]


def test_a_purchase_whose_receipt_has_a_virus_cannot_be_submitted(unit):
    make_policy()
    purchase = make_purchase(unit, status=Status.DRAFT, receipt=infected())
    StoredFile.objects.update(scan=Scan.INFECTED, virus="Eicar")
    with pytest.raises(Refused, match="含有病毒（Eicar）"):
        workflow.submit(purchase, by=None)
