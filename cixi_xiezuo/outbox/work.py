"""Doing an errand: claimed in one transaction, done outside any of ours, struck off in another.

A task may be run again after a crash, so it looks at the database first and does what is left.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, NamedTuple

from celery import current_app
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from cixi_xiezuo import audit, incidents
from cixi_xiezuo.counters import TASK_SECONDS, TASKS
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.outbox.alive import ALIVE, alive, living
from cixi_xiezuo.outbox.models import Errand

log = logging.getLogger(__name__)

ATTEMPTS = 8
FIRST_PAUSE = 30  # seconds after the first failure; four times as long after each further one, but never over
LONGEST_PAUSE = 3600
ABANDONED_AFTER = 330  # seconds, longer than any task may run
LEFT_AFTER = 30  # seconds that an errand may be due before the sweep sends its number again
AT_ONCE = 500
STOPPED = "多次中断，没有完成"


class Later(Exception):
    """Something that the work needs is away (a store, a scanner): tried again in `SOON` seconds, however often."""


SOON = 60


@dataclass(frozen=True, slots=True)
class Fate:
    """`title`: the work in words. What its own record is told, given the task's arguments: `given_up`, and `again` when retried."""

    title: str
    given_up: Callable[..., None]
    again: Callable[..., None]


FATES: dict[str, Fate] = {}
"""By the task's name; filled by the modules `tasks`."""


def run(pk: int) -> None:
    errand = _claim(pk)
    if errand is None:
        return
    number, began, outcome = incidents.NUMBER.set(f"E{pk}"), monotonic(), "broken off"
    try:
        outcome = _do(errand)
    finally:
        incidents.NUMBER.reset(number)
        TASKS.labels(errand.task, outcome).inc()
        TASK_SECONDS.labels(errand.task).observe(monotonic() - began)


def _do(errand: Errand) -> str:
    """What came of it, in a word."""
    pk, task = errand.pk, current_app.tasks.get(errand.task)
    try:
        if task is None:
            raise LookupError(f"no task {errand.task}")
        with living(pk, errand.claim):
            task.run(*errand.args)
    except Later as later:
        _put_back(errand, SOON, str(later), attempts=errand.attempts - 1)
        return "later"
    except Exception as error:
        log.exception("errand %s (%s) failed", pk, errand.task)
        _failed(errand, f"{type(error).__name__}: {error}")
        return "failed"
    Errand.objects.filter(pk=pk, claim=errand.claim).delete()
    return "done"


@transaction.atomic
def _claim(pk: int) -> Errand | None:
    """Take it; None where it is done, not due, given up, or somebody is at it."""
    errand = Errand.objects.select_for_update().filter(pk=pk, dead=False).first()
    if errand is None or errand.due_at > timezone.now() or (errand.claim and not _abandoned(errand)):
        return None
    if errand.attempts >= ATTEMPTS:
        _give_up(errand, errand.error or STOPPED)
        return None
    errand.claim, errand.claimed_at, errand.attempts = uuid.uuid4().hex, timezone.now(), errand.attempts + 1
    errand.save()
    return errand


def _abandoned(errand: Errand) -> bool:
    """Whoever claimed it gives no sign of life any more, or has had longer than any task may run."""
    age = timezone.now() - errand.claimed_at if errand.claimed_at else None
    if age is None or age > datetime.timedelta(seconds=ABANDONED_AFTER):
        return True
    return age > datetime.timedelta(seconds=ALIVE) and alive(errand.pk, errand.claim) is False


def _put_back(errand: Errand, seconds: int, error: str, *, attempts: int) -> None:
    Errand.objects.filter(pk=errand.pk, claim=errand.claim).update(
        claim="",
        claimed_at=None,
        attempts=attempts,
        error=error[:300],
        due_at=timezone.now() + datetime.timedelta(seconds=seconds),
    )


@transaction.atomic
def _failed(errand: Errand, error: str) -> None:
    if errand.attempts < ATTEMPTS:
        _put_back(
            errand,
            min(FIRST_PAUSE * 4 ** (errand.attempts - 1), LONGEST_PAUSE),
            error,
            attempts=errand.attempts,
        )
    elif mine := Errand.objects.select_for_update().filter(pk=errand.pk, claim=errand.claim).first():
        _give_up(mine, error)


def _give_up(errand: Errand, error: str) -> None:
    errand.dead, errand.claim, errand.error = True, "", error[:300]
    errand.save()
    if fate := FATES.get(errand.task):
        fate.given_up(*errand.args)


def due() -> list[int]:
    """Ids of errands whose number was lost, whose pause is over, or whose worker died. The oldest first."""
    since = timezone.now() - datetime.timedelta(seconds=LEFT_AFTER)
    waiting = Errand.objects.filter(dead=False, due_at__lt=since).order_by("due_at")[:AT_ONCE]
    return [errand.pk for errand in waiting if not errand.claim or _abandoned(errand)]


def title(errand: Errand) -> str:
    """Such as 识别票据 12."""
    fate = FATES.get(errand.task)
    return " ".join(map(str, [fate.title if fate else errand.task, *errand.args]))


def given_up() -> QuerySet[Errand]:
    return Errand.objects.filter(dead=True).order_by("-pk")


class Queue(NamedTuple):
    """`age`: seconds that the longest waiting errand is overdue, 0 where none is."""

    waiting: int
    running: int
    dead: int
    age: int


def queue() -> Queue:
    now = timezone.now()
    is_due = Q(dead=False, due_at__lte=now)
    found = Errand.objects.aggregate(
        count_waiting=Count("pk", filter=Q(dead=False, claim="")),
        count_running=Count("pk", filter=Q(dead=False) & ~Q(claim="")),
        count_dead=Count("pk", filter=Q(dead=True)),
        since=Min("due_at", filter=is_due & Q(claim="")),
    )
    since = found["since"]
    age = int((now - since).total_seconds()) if since else 0
    return Queue(found["count_waiting"], found["count_running"], found["count_dead"], age)


@transaction.atomic
def retry(pk: int, *, by: Any) -> Errand:
    """Take up again what was given up. Raises Refused where it is no longer given up."""
    from cixi_xiezuo.background import nudge

    errand = Errand.objects.select_for_update().filter(pk=pk, dead=True).first()
    if errand is None:
        raise Refused("这项后台工作已重新开始或已完成，请刷新页面")
    errand.dead, errand.attempts, errand.due_at, errand.error = False, 0, timezone.now(), ""
    errand.save()
    if fate := FATES.get(errand.task):
        fate.again(*errand.args)
    audit.record("重试后台工作", by=by, subject=f"后台工作 {errand.pk}", work=title(errand))
    nudge(errand.pk)
    return errand
