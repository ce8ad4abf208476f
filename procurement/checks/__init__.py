"""Doubts about a submission: one a file, each a function from what is known of it to its doubts.

A new check is a file with `find(subject) -> Iterator[Doubt]` and a line in `CHECKS`; its sentence then stands where a
purchase is filled in and where it is reviewed. 查验, what a person found at the state's site, is `procurement.checking`.
"""

from __future__ import annotations

from procurement.checks import (
    blacklisted,
    changed_number,
    channel_region,
    check_differs,
    duplicate_file,
    duplicate_invoice,
    evidence_832,
    expired_recognition,
    far_holiday,
    future_date,
    no_receipt,
    no_terms,
    odd_price,
    other_buyer,
    other_year,
    red_invoice,
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
    red_invoice.find,
    same_purchase.find,
    future_date.find,
    other_year.find,
    no_terms.find,
    other_buyer.find,
    changed_number.find,
    check_differs.find,
    total_differs.find,
    weak_receipts.find,
    unsure_reading.find,
    unpaired_region.find,
    channel_region.find,
    evidence_832.find,
    expired_recognition.find,
    blacklisted.find,
    odd_price.find,
    far_holiday.find,
    welfare_limit.find,
)

__all__ = ["CHECKS", "Doubt", "Level", "Subject", "doubts_of"]


def doubts_of(subject: Subject) -> list[Doubt]:
    """All doubts, the blocking ones first."""
    found = [doubt for check in CHECKS for doubt in check(subject)]
    return sorted(found, key=lambda doubt: doubt.level != Level.BLOCK)
