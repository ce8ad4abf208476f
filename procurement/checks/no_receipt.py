"""A purchase without any receipt proves nothing: 消费票据 are the basis of the assessment."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject


def find(subject: Subject) -> Iterator[Doubt]:
    if not subject.receipts:
        yield Doubt(
            code="no_receipt",
            level=Level.BLOCK,
            message="还没有票据，请至少上传一份发票、付款凭据、货运凭证或采购合同",
            field="receipts",
            clause="第五部分（一）",
        )
