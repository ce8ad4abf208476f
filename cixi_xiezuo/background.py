"""Hand work to the background without making the person wait for the broker, or fail because of it."""

import logging
import time
from functools import partial
from typing import Any

from celery import Task
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError

from cixi_xiezuo.outbox.models import Errand

log = logging.getLogger(__name__)

BEAT = "beat"
"""The cache's key for when the clock last sent a task, in seconds since 1970."""
REST = 10  # seconds in which a broker that was away is not tried again by this process

_away: dict[str, float] = {}
"""Brokers' addresses, and until when (monotonic) they are left alone: fifty files need not wait fifty times."""


def note_beat() -> None:
    """Called by a task that the clock sends each minute, so that `doctor` sees the clock run."""
    cache.set(BEAT, time.time(), timeout=3600)


def enqueue(task: Task[..., Any], *args: Any) -> Errand:
    """Have `task` run with JSON-able `args` once the current transaction commits, and until it succeeds.

    It stands in the database as an `Errand`; the message is only a nudge, so one lost while the broker is away
    costs time, not work. The task must be safe to run twice, or late.
    """
    errand = Errand.objects.create(task=task.name, args=list(args))
    nudge(errand.pk)
    return errand


def nudge(pk: int) -> None:
    """Send an errand's number once the current transaction commits."""
    transaction.on_commit(partial(_send, pk))


def _send(pk: int) -> None:
    from cixi_xiezuo.tasks import run_errand

    address = str(run_errand.app.conf.broker_url)
    if time.monotonic() < _away.get(address, 0):
        return
    try:
        run_errand.apply_async((pk,))
    except (OperationalError, OSError) as error:
        _away[address] = time.monotonic() + REST
        log.warning("broker away, errand %s and what follows left for the next sweep: %s", pk, error)
