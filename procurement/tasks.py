"""Work done in the background. A task may be sent twice, or late: it looks at the database and does what is left."""

from __future__ import annotations

from celery import shared_task

from cixi_xiezuo.background import enqueue, note_beat
from procurement import reading, scanning


@shared_task(name="procurement.read_receipt")
def read_receipt(pk: int) -> None:
    """Read one receipt and make a draft purchase of it."""
    reading.read(pk)


@shared_task(name="procurement.sweep_receipts")
def sweep_receipts() -> None:
    """Send again what nobody is at: run by the clock (CELERY_BEAT_SCHEDULE), at any number of workers."""
    note_beat()
    for pk in reading.left_behind():
        enqueue(read_receipt, pk)
    scanning.catch_up()
