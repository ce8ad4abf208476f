"""Doubts about a submission: one a file, each a function from what is known of it to its doubts.

A new check is a file with `find(subject) -> Iterator[Doubt]` and a line in `CHECKS`.
"""

from __future__ import annotations

from procurement.checks import (
    channel_region,
    duplicate_file,
    duplicate_invoice,
    far_holiday,
    future_date,
    no_receipt,
    no_terms,
    other_buyer,
    same_purchase,
    total_differs,
    unpaired_region,
    unsafe_file,
    unsure_reading,
    weak_receipts,
    welfare_limit,
)
from procurement.checks.base import Doubt, Level, Subject

CHECKS = (
    no_receipt.find,
    unsafe_file.find,
    duplicate_invoice.find,
    duplicate_file.find,
    same_purchase.find,
    future_date.find,
    no_terms.find,
    other_buyer.find,
    total_differs.find,
    weak_receipts.find,
    unsure_reading.find,
    unpaired_region.find,
    channel_region.find,
    far_holiday.find,
    welfare_limit.find,
)

__all__ = ["CHECKS", "Doubt", "Level", "Subject", "doubts_of"]


def doubts_of(subject: Subject) -> list[Doubt]:
    """All doubts, the blocking ones first."""
    found = [doubt for check in CHECKS for doubt in check(subject)]
    return sorted(found, key=lambda doubt: doubt.level != Level.BLOCK)
