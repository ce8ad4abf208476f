"""What the reading of a receipt was unsure of, or that it could not be read at all."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import Reading

SHOWN = 5
"""Problems said of one receipt; more would hide the others."""


def find(subject: Subject) -> Iterator[Doubt]:
    for receipt in subject.receipts:
        problems = [str(problem) for problem in receipt.data.get("problems") or []][:SHOWN]
        if receipt.reading == Reading.FAILED and not problems:
            problems = ["系统未能识别，请对照原件人工核对"]
        for problem in problems:
            yield Doubt(
                code="unsure_reading",
                level=Level.WARN,
                message=f"票据“{receipt}”：{problem}",
                field="receipts",
                clause="第五部分（一）",
            )
