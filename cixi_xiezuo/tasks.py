"""Work done in the background for every app. A task may be sent twice, or late."""

from __future__ import annotations

from celery import shared_task

from cixi_xiezuo.jobs import work


@shared_task(name="core.run_job")
def run_job(pk: int) -> None:
    """Do one job of a person."""
    work.run(pk)


@shared_task(name="core.sweep_jobs")
def sweep_jobs() -> None:
    """Send again what nobody is at, and remove files whose time is over: run by the clock."""
    for pk in work.left_behind():
        work.send(pk)
    work.expire()
