"""The outbox: whatever was posted is done, after whatever crash, once in effect; or given up, seen and retried."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cixi_xiezuo import tasks
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.background import enqueue
from cixi_xiezuo.celery import app
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.outbox import alive, work
from cixi_xiezuo.outbox.models import Errand
from procurement import receipts
from procurement.choices import Reading
from procurement.models import Purchase, Receipt
from procurement.tasks import read_receipt
from tests.factories import make_unit, make_user
from tests.services import ROOT
from units.kinds import Kind
from units.models import Role

HOTEL = (ROOT / "tests" / "samples" / "e-invoice-2020-hotel.ofd").read_bytes()
NAME = read_receipt.name


def ago(seconds: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(seconds=seconds)


@pytest.fixture
def does(monkeypatch):
    """does(function): what the task of `post` does from now on."""
    return lambda function: monkeypatch.setattr(read_receipt, "run", function)


def post(**fields) -> Errand:
    return Errand.objects.create(**{"task": NAME, "args": [7], "due_at": ago(60)} | fields)


def dropped() -> Receipt:
    return Receipt.objects.create(
        unit=make_unit(f"S{Receipt.objects.count():02}", Kind.SCHOOL),
        name="发票.ofd",
        file=receipts.store(HOTEL, "application/ofd"),
        reading=Reading.WAITING,
    )


@pytest.mark.django_db(transaction=True)
def test_it_stands_with_the_change_or_not_at_all() -> None:
    with transaction.atomic():
        enqueue(read_receipt, 1)
        transaction.set_rollback(True)
    assert not Errand.objects.exists()


@pytest.mark.django_db
def test_it_is_done_once_however_often_it_is_sent(does) -> None:
    done: list[int] = []
    does(done.append)
    errand = post()
    for _ in range(3):
        work.run(errand.pk)
    assert done == [7]
    assert not Errand.objects.exists()


@pytest.mark.django_db
def test_the_sweep_finds_what_nobody_is_at_and_leaves_the_rest_alone(monkeypatch) -> None:
    lost = post()
    post(due_at=ago(1))
    post(due_at=ago(-60))
    post(dead=True)
    died = post(claim="dead", claimed_at=ago(alive.ALIVE + 1))
    lives = post(claim="lives", claimed_at=ago(alive.ALIVE + 1))
    long_over = post(claim="x", claimed_at=ago(work.ABANDONED_AFTER + 1))
    cache.set(alive.key(lives.pk), "lives", alive.ALIVE)
    assert set(work.due()) == {lost.pk, died.pk, long_over.pk}
    monkeypatch.setattr("cixi_xiezuo.outbox.alive.cache.get", lambda *args, **kwargs: None)
    assert set(work.due()) == {lost.pk, long_over.pk}, "without a cache only time tells"


@pytest.mark.django_db
def test_what_fails_is_tried_again_after_longer_and_longer_pauses_and_then_given_up(does) -> None:
    does(lambda pk: 1 / 0)
    errand, pauses = post(), []
    for _ in range(work.ATTEMPTS):
        Errand.objects.update(due_at=ago(1))
        work.run(errand.pk)
        errand.refresh_from_db()
        pauses.append(round((errand.due_at - timezone.now()).total_seconds(), -1))
    assert pauses[:-1] == [30, 120, 480, 1920, 3600, 3600, 3600]
    assert errand.dead
    assert errand.error == "ZeroDivisionError: division by zero"
    assert work.queue() == work.Queue(waiting=0, running=0, dead=1, age=0)


@pytest.mark.django_db
def test_what_only_waits_for_something_is_never_given_up(does) -> None:
    def later(pk: int) -> None:
        raise work.Later("票据存储暂时没有应答")

    does(later)
    errand = post()
    for _ in range(work.ATTEMPTS + 2):
        Errand.objects.update(due_at=ago(1))
        work.run(errand.pk)
    errand.refresh_from_db()
    assert (errand.dead, errand.attempts, errand.error) == (False, 0, "票据存储暂时没有应答")


@pytest.mark.django_db
def test_a_receipt_that_kills_its_readers_is_the_clerks_and_the_administrator_may_retry(client) -> None:
    receipt = dropped()
    errand = post(args=[receipt.pk], attempts=work.ATTEMPTS, claim="x", claimed_at=ago(999))
    work.run(errand.pk)
    receipt.refresh_from_db()
    assert receipt.reading == Reading.FAILED
    assert "手工填写" in receipt.data["problems"][0]
    client.force_login(make_user("admin", Role.SYSTEM_ADMIN, make_unit("X09", Kind.DEPARTMENT)))
    page = client.get(reverse("system")).content.decode()
    assert "多次中断" in page
    assert f"识别票据 {receipt.pk}" in page
    page = client.post(reverse("retry_errand", args=[errand.pk]), follow=True).content.decode()
    assert "已重新开始" in page
    assert AuditEvent.objects.filter(action="重试后台工作").exists()
    work.run(errand.pk)
    receipt.refresh_from_db()
    assert receipt.reading == Reading.READ
    with pytest.raises(Refused, match="已重新开始或已完成"):
        work.retry(errand.pk, by=None)


@pytest.mark.django_db
def test_the_state_of_every_part_is_on_the_page_of_the_system(client) -> None:
    client.force_login(make_user("admin", Role.SYSTEM_ADMIN, make_unit("X09", Kind.DEPARTMENT)))
    page = client.get(reverse("system_state")).content.decode()
    for part in ("版本", "数据库", "时钟", "消息队列", "票据存储", "字体", "后台工作"):
        assert f">{part}<" in page


def test_the_clock_knows_the_sweep() -> None:
    by_task = {entry["task"]: entry for entry in app.conf.beat_schedule.values()}
    entry = by_task[tasks.sweep.name]
    assert entry["options"]["expires"] < entry["schedule"]


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_does_what_was_left_behind(celery_worker_process: None, eventually) -> None:
    lost, died = dropped(), dropped()
    post(args=[lost.pk])
    post(args=[died.pk], claim="x", claimed_at=ago(work.ABANDONED_AFTER + 1))
    tasks.sweep.delay()
    tasks.sweep.delay()
    eventually(
        lambda: Receipt.objects.filter(pk__in=[lost.pk, died.pk], reading=Reading.READ).count() == 2,
        "the worker did not read what the sweep found",
    )
    eventually(lambda: not Errand.objects.exists(), "what is done has no row")
    assert Purchase.objects.count() == 2
