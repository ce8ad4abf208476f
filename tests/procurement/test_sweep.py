"""A receipt whose message was lost, or whose reader died, is read all the same."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from cixi_xiezuo.celery import app
from procurement import receipts, tasks
from procurement.choices import Reading
from procurement.models import Purchase, Receipt
from procurement.reading import ABANDONED_AFTER, LEFT_AFTER, left_behind
from tests.factories import make_unit
from tests.services import ROOT
from units.kinds import Kind

HOTEL = (ROOT / "tests" / "samples" / "e-invoice-2020-hotel.ofd").read_bytes()


def ago(seconds: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(seconds=seconds)


def dropped(
    reading: str = Reading.WAITING, *, since: int = LEFT_AFTER + 1, claimed: int | None = None
) -> Receipt:
    """A receipt dropped `since` seconds ago, claimed for reading `claimed` seconds ago; no message was sent."""
    receipt = Receipt.objects.create(
        unit=make_unit(f"S{Receipt.objects.count():02}", Kind.SCHOOL),
        name="发票.ofd",
        file=receipts.store(HOTEL, "application/ofd"),
        reading=reading,
        data={} if claimed is None else {"claim": "x", "claimed_at": ago(claimed).isoformat()},
    )
    Receipt.objects.filter(pk=receipt.pk).update(uploaded_at=ago(since))
    return receipt


@pytest.mark.django_db
def test_it_finds_what_nobody_is_at_and_leaves_the_rest_alone() -> None:
    lost = dropped()
    died = dropped(Reading.READING, claimed=ABANDONED_AFTER + 1)
    dropped(since=1)
    dropped(Reading.READING, since=9999, claimed=5)
    dropped(Reading.READ)
    dropped(Reading.FAILED)
    assert left_behind() == [lost.pk, died.pk]
    assert left_behind(most=1) == [lost.pk]


@pytest.mark.django_db
def test_the_clock_knows_the_sweep() -> None:
    by_task = {entry["task"]: entry for entry in app.conf.beat_schedule.values()}
    entry = by_task[tasks.sweep_receipts.name]
    assert entry["options"]["expires"] < entry["schedule"]


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_reads_what_was_left_behind(celery_worker_process: None, eventually) -> None:
    lost, died = dropped(), dropped(Reading.READING, claimed=ABANDONED_AFTER + 1)
    tasks.sweep_receipts.delay()
    tasks.sweep_receipts.delay()
    eventually(
        lambda: Receipt.objects.filter(pk__in=[lost.pk, died.pk], reading=Reading.READ).count() == 2,
        "the worker did not read what the sweep found",
    )
    assert Purchase.objects.count() == 2
