"""The region is not paired that year: the line enters no total.

Canteen purchases on the 832 platform are left out: every 832 county counts there.
"""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import Channel, Use


def find(subject: Subject) -> Iterator[Doubt]:
    terms, on_832 = subject.terms, subject.purchase.channel == Channel.PLATFORM_832
    if terms is None or not subject.has_terms:
        return
    for line in subject.lines:
        if line.region is None or terms.paired(line.region_id):
            continue
        if line.use == Use.CANTEEN and on_832 and line.region.is_832:
            continue
        yield Doubt(
            code="unpaired_region",
            level=Level.WARN,
            message=(
                f"第 {line.position} 行：产地{line.region}不在 {terms.year} 年结对范围内，"
                "不计入全市和部门镇街总额；请核对产地"
            ),
            field="region",
            clause="第三部分",
            line=line.position,
        )
