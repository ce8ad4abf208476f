"""Bought on the 832 platform, but from a region that does not sell there."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import Channel


def find(subject: Subject) -> Iterator[Doubt]:
    if subject.purchase.channel != Channel.PLATFORM_832:
        return
    for line in subject.lines:
        if line.region is not None and not line.region.is_832:
            yield Doubt(
                code="channel_region",
                level=Level.WARN,
                message=f"第 {line.position} 行：{line.region}不是832脱贫县，832平台上没有它的产品；请核对渠道或产地",
                field="region",
                clause="第四部分（一）第一段",
                line=line.position,
            )
