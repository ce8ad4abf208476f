"""Work that the clock sends."""

from __future__ import annotations

from celery import shared_task

from assessment import digest


@shared_task(name="assessment.remind")
def remind() -> None:
    """Tell everybody what is overdue, once a day (CELERY_BEAT_SCHEDULE)."""
    digest.send()
