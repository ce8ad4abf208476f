"""Work done in the background. A task may be sent twice, or late: it looks at the database and does what is left."""

from __future__ import annotations

from celery import shared_task

from cixi_xiezuo.outbox.work import FATES, Fate
from procurement import reading, scanning


@shared_task(name="procurement.read_receipt")
def read_receipt(pk: int) -> None:
    """Read one receipt and make a draft purchase of it."""
    reading.read(pk)


@shared_task(name="procurement.scan_waiting")
def scan_waiting() -> None:
    """Ask the virus scanner about what waits for it: run by the clock (CELERY_BEAT_SCHEDULE)."""
    scanning.catch_up()


FATES[read_receipt.name] = Fate("识别票据", given_up=reading.given_up, again=reading.again)
