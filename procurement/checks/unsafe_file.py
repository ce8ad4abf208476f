"""A receipt's file has a virus, or has not been looked through yet."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import Scan


def find(subject: Subject) -> Iterator[Doubt]:
    for receipt in subject.receipts:
        if receipt.file is not None and receipt.file.closed:
            yield Doubt(
                code="unsafe_file",
                level=Level.BLOCK if receipt.file.scan == Scan.INFECTED else Level.WARN,
                message=f"票据“{receipt}”{receipt.file.closed}",
                field="receipts",
                clause="第五部分（一）",
            )
