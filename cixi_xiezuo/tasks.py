"""Work done in the background for every app. A task may be sent twice, or late."""

from __future__ import annotations

from celery import shared_task
from django.db import connection

from cixi_xiezuo.background import note_beat, nudge
from cixi_xiezuo.jobs import work as jobs
from cixi_xiezuo.outbox import work as outbox


@shared_task(name="core.run_errand")
def run_errand(pk: int) -> None:
    """Do one errand of the outbox."""
    outbox.run(pk)


@shared_task(name="core.run_job")
def run_job(pk: int) -> None:
    """Do one job of a person."""
    jobs.run(pk)


@shared_task(name="core.sweep")
def sweep() -> None:
    """Send again what nobody is at, and remove files whose time is over: run by the clock, at any number of workers."""
    note_beat()
    for pk in outbox.due():
        nudge(pk)
    jobs.expire()


@shared_task(name="core.know_tables")
def know_tables() -> None:
    """SQLite is told how its tables are filled, or it reads by the wrong index; PostgreSQL sees by itself.

    All of them: by samples it takes a status that every purchase has for a rare one.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


outbox.FATES[run_job.name] = outbox.Fate("个人任务", given_up=jobs.given_up, again=jobs.again)
