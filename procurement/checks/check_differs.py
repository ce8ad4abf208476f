"""The state's checking site says otherwise than the invoice."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import CheckResult


def find(subject: Subject) -> Iterator[Doubt]:
    for receipt in subject.receipts:
        if receipt.check_result == CheckResult.DIFFERS and receipt.checked_at is not None:
            yield Doubt(
                code="check_differs",
                level=Level.WARN,
                message=(
                    f"发票“{receipt}”经查验与票面不一致"
                    f"（{receipt.checked_by}，{timezone.localtime(receipt.checked_at):%Y-%m-%d}）；请与开票方核实"
                ),
                field="receipts",
                clause="第五部分（一）",
            )
