"""The worker's clock (`--beat`) is a process of its own that nobody else looks after: when it alone is killed, it is started again."""

from __future__ import annotations

import logging
from typing import Any

from celery import bootsteps
from celery.beat import EmbeddedService

log = logging.getLogger(__name__)
EVERY = 5  # seconds between two looks


class KeepClock(bootsteps.StartStopStep):
    """Without its clock a worker would do what it is told and never again look for what was lost."""

    requires = ("celery.worker.components:Beat", "celery.worker.components:Timer")

    second: Any = None

    def start(self, parent: Any) -> None:
        if parent.beat is not None:
            parent.timer.call_repeatedly(EVERY, self.look, (parent,))

    def look(self, worker: Any) -> None:
        if worker.beat.is_alive():
            return
        log.error("the clock had stopped and is started again")
        worker.beat = self.second = EmbeddedService(
            worker.app, schedule_filename=worker.schedule_filename, scheduler_cls=worker.scheduler
        )
        worker.beat.start()

    def stop(self, parent: Any) -> None:
        if self.second is not None:  # the first is stopped by whoever started it
            self.second.stop()
