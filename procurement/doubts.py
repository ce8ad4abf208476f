"""Keeping on the purchase how many doubts it was submitted with, so that the review queue can filter by it."""

from __future__ import annotations

from collections.abc import Sequence

from procurement.checks import Subject, doubts_of
from procurement.models.purchase import Purchase


def note(purchases: Sequence[Purchase]) -> None:
    """Count the doubts of purchases that were submitted other than one by one (an import), and store them."""
    changed = []
    for subject in Subject.many(purchases):
        found = len(doubts_of(subject))
        if found != subject.purchase.doubts:
            subject.purchase.doubts = found
            changed.append(subject.purchase)
    Purchase.objects.bulk_update(changed, ["doubts"], batch_size=500)
