"""Receipts looked through for viruses, where CLAMAV_ADDRESS names a scanner.

A file that waits for its verdict is neither read nor handed out; one that has a virus never is.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit, clamd
from procurement import receipts
from procurement.choices import Scan
from procurement.models import Receipt, StoredFile

log = logging.getLogger(__name__)

AT_ONCE = 100  # files that one sweep looks through


def verdict(data: bytes) -> tuple[str, str]:
    """(Scan state, name of the virus): waiting where the scanner is off or gives no verdict."""
    if not settings.CLAMAV_ADDRESS:
        return Scan.WAITING, ""
    try:
        virus = clamd.virus_in(data, settings.CLAMAV_ADDRESS)
    except (OSError, ValueError) as error:
        log.warning("the virus scanner gives no verdict: %s", error)
        return Scan.WAITING, ""
    return (Scan.INFECTED, virus) if virus else (Scan.CLEAN, "")


def settle(stored: StoredFile, content: bytes) -> str:
    """Ask again about a file that waits, and keep the verdict. Why it may not be opened; "" where it may."""
    if settings.CLAMAV_ADDRESS and stored.scan == Scan.WAITING:
        state, virus = verdict(content)
        if state != Scan.WAITING:
            keep(stored, state, virus)
    return stored.closed


@transaction.atomic
def keep(stored: StoredFile, state: str, virus: str = "") -> None:
    """Keep the verdict on a file that waited for it; a virus goes on the trail of each unit that has the file."""
    changed = StoredFile.objects.filter(pk=stored.pk, scan=Scan.WAITING).update(
        scan=state, virus=virus[:100], scanned_at=timezone.now()
    )
    stored.scan, stored.virus = state, virus[:100]
    if changed and state == Scan.INFECTED:
        for receipt in Receipt.objects.filter(file=stored).select_related("unit"):
            audit.record(
                "发现病毒",
                by=None,
                subject=f"票据 {receipt.pk}",
                stream=receipt.unit.code,
                name=receipt.name,
                sha256=stored.sha256,
                reason=virus,
            )


def catch_up() -> None:
    """Look through files that were kept before a scanner was at hand; stops where it gives no verdict."""
    if not settings.CLAMAV_ADDRESS:
        return
    for stored in StoredFile.objects.filter(scan=Scan.WAITING).order_by("stored_at")[:AT_ONCE]:
        try:
            settle(stored, receipts.content(stored))
        except OSError as error:
            log.warning("file %s cannot be scanned: %s", stored.sha256, error)
            continue
        if stored.scan == Scan.WAITING:
            return
