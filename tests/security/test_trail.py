"""The trail: everything that matters is in it, nothing in it can be changed, and a change is found."""

import datetime
import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from assessment import sealing
from assessment.models import Snapshot
from cixi_xiezuo import audit
from cixi_xiezuo.appendonly import lifted, unprotect
from cixi_xiezuo.audit import AuditEvent, AuditHead
from initiatives.models import KeptSheet
from procurement.choices import Status
from procurement.models import Receipt
from tests.factories import make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db

TABLES = ("audit_event", "assessment_snapshot", "initiatives_keptsheet")


@pytest.fixture
def school(db):
    make_policy()
    return make_unit("S01", Kind.SCHOOL)


@pytest.fixture
def bureau(school):
    return make_user("bureau", Role.BUREAU, make_unit("D01"))


@pytest.fixture
def events():
    for number in range(3):
        audit.record("核准", by=None, subject=f"采购 {number}", stream="S01", amount="12.50")
    return list(AuditEvent.objects.filter(stream="S01").order_by("seq"))


@pytest.fixture
def snapshot():
    content = json.dumps({"year": 2021})
    return Snapshot.objects.create(
        year=2021,
        version=1,
        content=content,
        digest=sealing.digest(content),
        taken_by="x",
        taken_at=timezone.now(),
    )


@pytest.fixture
def kept():
    return KeptSheet.objects.create(year=2021, version=1, content="{}", digest=sealing.digest("{}"))


def refused(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("table", TABLES)
def test_the_applications_own_connection_changes_and_deletes_no_row(events, snapshot, kept, table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        count = cursor.fetchone()
    for statement in (
        f"UPDATE {table} SET digest = 'x'",
        f"DELETE FROM {table}",
        f"UPDATE {table} SET id = 9",
    ):
        refused(statement)
    if connection.vendor == "postgresql":
        refused(f"TRUNCATE {table} CASCADE")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == count


def test_nor_does_the_object_mapper(events, snapshot, kept):
    for row in (events[0], snapshot, kept):
        row.digest = "0" * 64
        for change in (row.save, row.delete, type(row).objects.all().delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
    assert list(audit.broken_links()) == []


CHANGES = {
    "at": "2020-01-01T00:00:00+08:00",
    "actor": "other",
    "on_behalf": "other",
    "origin": "10.0.0.1",
    "action": "退回",
    "subject": "采购 x",
    "detail": {"amount": "12.51"},
    "digest": "0" * 64,
    "seq": 9,
    "stream": "S02",
}


@pytest.mark.parametrize("field", CHANGES)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_value_changed_by_whoever_took_the_triggers_away_is_found(events, field, place):
    assert list(audit.broken_links()) == []
    with lifted("audit_event"):
        AuditEvent.objects.filter(pk=events[place].pk).update(**{field: CHANGES[field]})
    assert list(audit.broken_links())


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_row_taken_out_anywhere_is_found(events, place):
    with lifted("audit_event"):
        AuditEvent.objects.filter(pk=events[place].pk).delete()
    assert list(audit.broken_links())


def test_a_stream_taken_out_as_a_whole_with_its_head_left_is_found(events):
    with lifted("audit_event"):
        AuditEvent.objects.filter(stream="S01").delete()
    assert list(audit.broken_links())
    AuditHead.objects.filter(stream="S01").delete()


def test_one_byte_of_a_sealed_year_changed_is_found(snapshot):
    assert list(sealing.broken_snapshots()) == []
    with lifted("assessment_snapshot"):
        Snapshot.objects.update(content=snapshot.content.replace("2021", "2022"))
    assert "校验值不符" in "".join(sealing.broken_snapshots())


def test_verify_says_when_the_protection_itself_is_gone(events):
    unprotect("audit_event")
    assert "audit_event" in "".join(audit.broken_links())
    unprotect("assessment_snapshot")
    assert "assessment_snapshot" in "".join(sealing.broken_snapshots())


def last(action: str) -> AuditEvent:
    return AuditEvent.objects.filter(action=action).latest("pk")


def test_a_change_says_who_when_where_and_what(client, school, bureau):
    purchase = make_purchase(school, status=Status.SUBMITTED)
    client.force_login(bureau)
    data = {"version": purchase.version, "reason": "票据不清晰"}
    client.post(f"/review/{purchase.pk}/return/", data, REMOTE_ADDR="10.1.2.3")
    event = last("退回")
    assert (event.actor, event.origin, event.subject) == ("bureau", "10.1.2.3", f"采购 {purchase.number}")
    assert event.detail == {"reason": "票据不清晰"}
    assert timezone.now() - event.at < datetime.timedelta(minutes=1)


def test_logging_in_and_failing_to_are_on_record(client, bureau):
    client.post("/login/", {"username": "bureau", "password": "wrong"}, REMOTE_ADDR="10.1.2.3")
    assert (last("登录失败").actor, last("登录失败").subject) == ("未登录", "用户 bureau")
    client.post("/login/", {"username": "bureau", "password": "bureau"}, REMOTE_ADDR="10.1.2.3")
    assert (last("登录").actor, last("登录").origin) == ("bureau", "10.1.2.3")
    client.logout()
    for _ in range(6):
        client.post("/login/", {"username": "bureau", "password": "wrong"}, REMOTE_ADDR="10.9.9.9")
    assert (last("登录锁定").subject, last("登录锁定").origin) == ("用户 bureau", "10.9.9.9")


def test_a_password_is_never_on_record(client, bureau):
    client.post("/login/", {"username": "bureau", "password": "Geheim-12345"})
    client.post("/login/", {"username": "Geheim", "password": "bureau"})
    everything = json.dumps(list(AuditEvent.objects.values_list("subject", "detail")), ensure_ascii=False)
    assert "Geheim-12345" not in everything and "用户 Geheim" in everything


def test_what_was_refused_is_on_record_once_a_minute(client, school, bureau):
    clerk = make_user("clerk", Role.CLERK, make_unit("S02", Kind.SCHOOL))
    purchase = make_purchase(school)
    client.force_login(clerk)
    for _ in range(3):
        assert client.get(f"/purchases/{purchase.pk}/").status_code == 404
    event = AuditEvent.objects.get(action="拒绝访问")
    assert (event.actor, event.subject) == ("clerk", f"/purchases/{purchase.pk}/")
    assert event.detail.pop("incident")
    assert event.detail == {"method": "GET", "status": 404, "reasons": []}


def test_a_verb_refused_is_on_record_with_its_sentence(client, school, bureau):
    purchase = make_purchase(school, status=Status.SUBMITTED)
    client.force_login(bureau)
    client.post(f"/purchases/{purchase.pk}/withdraw/")
    assert "权限" in last("拒绝访问").detail["reasons"][0]
    purchase.refresh_from_db()
    assert purchase.status == Status.SUBMITTED


def test_a_page_that_does_not_exist_for_anybody_is_no_refusal(client, bureau):
    client.force_login(bureau)
    client.get("/nowhere/")
    assert not AuditEvent.objects.filter(action="拒绝访问").exists()


def test_looking_at_a_receipt_and_taking_it_away_are_on_record_but_not_in_its_history(client, school, bureau):
    from tests.security.world import pdf

    purchase = make_purchase(school, receipt=pdf("发票"), name="发票.pdf")
    receipt = Receipt.objects.get()
    client.force_login(bureau)
    assert client.get(f"/receipts/{receipt.pk}/page/1/").status_code == 200
    assert client.get(f"/receipts/{receipt.pk}/file/").status_code == 200
    for action in ("查看票据", "下载票据"):
        event = last(action)
        assert (event.actor, event.stream, event.subject) == ("bureau", "S01", f"票据 {receipt.pk}")
        assert event.detail == {"name": "发票.pdf", "sha256": receipt.file_id}
        assert action not in client.get(f"/review/{purchase.pk}/trail/").content.decode()


def test_a_workbook_taken_away_is_on_record_with_its_day(client, bureau):
    client.force_login(bureau)
    assert client.post("/workbook/2021/?as_of=2021-06-30").status_code == 200
    assert last("导出考核工作簿").detail["as_of"] == "2021-06-30"


@pytest.mark.parametrize("name", ["a\n2026-01-01 admin 核准", "\r\nx", "a\u202eb", "a\u0085b", "x" * 500])
def test_a_name_cannot_be_made_to_look_like_another_row(client, db, name):
    client.post("/login/", {"username": name, "password": "x"})
    subject = last("登录失败").subject
    assert subject.isprintable() and len(subject) <= 128


def test_no_character_of_a_detail_stops_the_record(db):
    event = audit.record("x", by=None, subject="x\0y", note="a\0b", rows=[{"k\0": "\0"}])
    event.refresh_from_db()
    assert event.detail == {"note": "a�b", "rows": [{"k�": "�"}]}
    assert list(audit.broken_links()) == []


def test_without_a_trail_nothing_is_done(school, bureau, monkeypatch):
    """Record and change are one transaction: when the one can't be written, the other is not."""
    from procurement import workflow

    purchase = make_purchase(school, status=Status.SUBMITTED)

    def fail(*args, **kwargs):
        raise RuntimeError("no trail")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        workflow.approve(purchase, by=bureau)
    purchase.refresh_from_db()
    assert purchase.status == Status.SUBMITTED
