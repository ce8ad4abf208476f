"""Work that the clock sends."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from units import accounts


@shared_task(name="units.disable_idle")
def disable_idle() -> None:
    """Disable the accounts nobody uses, once a day (CELERY_BEAT_SCHEDULE, IDLE_ACCOUNT_DAYS)."""
    accounts.disable_idle(settings.IDLE_ACCOUNT_DAYS)
