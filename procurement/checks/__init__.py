"""Doubts about a submission: one a file, each a function from what is known of it to its doubts.

A new check is a file with `find(subject) -> Iterator[Doubt]` and a line in `CHECKS`.
"""

from __future__ import annotations

from procurement.checks import (
    duplicate_invoice,
    no_receipt,
)
from procurement.checks.base import Doubt, Level, Subject

CHECKS = (
    duplicate_invoice.find,
    no_receipt.find,
)

__all__ = ["CHECKS", "Doubt", "Level", "Subject", "doubts_of"]


def doubts_of(subject: Subject) -> list[Doubt]:
    """All doubts, the blocking ones first."""
    found = [doubt for check in CHECKS for doubt in check(subject)]
    return sorted(found, key=lambda doubt: doubt.level != Level.BLOCK)
