"""Hand work to the background without making the person wait for the broker, or fail because of it."""

import logging
import time
from functools import partial
from typing import Any

from celery import Task
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

BEAT = "beat"
"""The cache's key for when the clock last sent a task, in seconds since 1970."""


def note_beat() -> None:
    """Called by a task that the clock sends each minute, so that `doctor` sees the clock run."""
    cache.set(BEAT, time.time(), timeout=3600)


def enqueue(task: Task, *args: Any) -> None:
    """Send `task` with JSON-able `args` once the current transaction commits.

    The message is only a nudge: what has to be done stands in the database, so a message lost while the
    broker is away costs time, not work. The task must therefore be safe to run twice, or late.
    """
    transaction.on_commit(partial(_send, task, args))


def _send(task: Task, args: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args)
    except (OperationalError, OSError) as error:
        log.warning("broker away, %s%r left for the next sweep: %s", task.name, args, error)
