"""Keeping on the purchase how many doubts it was submitted with, so that the review queue can filter by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from procurement.checks import Doubt, Subject, doubts_of
from procurement.models.purchase import Purchase


def note(purchases: Sequence[Purchase]) -> list[tuple[Purchase, Doubt]]:
    """Count the doubts of purchases that were submitted other than one by one (an import), and store them.

    Returns the blocking ones, each purchase's first.
    """
    counts: dict[int, list[int]] = defaultdict(list)
    blocking = []
    for subject in Subject.many(purchases):
        doubts = doubts_of(subject)
        if len(doubts) != subject.purchase.doubts:
            subject.purchase.doubts = len(doubts)
            counts[len(doubts)].append(subject.purchase.pk)
        if doubts and doubts[0].blocks:
            blocking.append((subject.purchase, doubts[0]))
    for count, ids in counts.items():
        for start in range(0, len(ids), 500):
            Purchase.objects.filter(pk__in=ids[start : start + 500]).update(doubts=count)
    return blocking
