"""工会福利 nears or passes what the year's policy allows a head — 500 元 by 甬总工〔2021〕91号, 慈总工〔2021〕46号."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cixi_xiezuo.money import yuan_display
from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import Status, Use

NEAR = Decimal("0.9")


def find(subject: Subject) -> Iterator[Doubt]:
    per_head = subject.terms.welfare if subject.terms else None
    if subject.purchase.date is None or per_head is None:
        return
    lines = [line for line in subject.lines if line.use == Use.UNION_WELFARE]
    if not lines or subject.purchase.status in (Status.REVOKED, Status.VOID):
        return
    heads, spent = lines[0].declared_heads, lines[0].year_spent or Decimal(0)  # type: ignore[attr-defined]
    each = yuan_display(per_head).removesuffix(".00")
    if heads is None:
        message = f"{subject.purchase.date.year} 年度未填报人数，无法核对工会福利每人每年 {each} 元的限额"
    else:
        limit = heads * per_head
        after = spent + sum((line.figure for line in lines if not line.posted), Decimal(0))
        if after < limit * NEAR or after == 0:
            return
        state = (
            f"超出限额 {yuan_display(after - limit)} 元"
            if after > limit
            else f"离限额还有 {yuan_display(limit - after)} 元"
        )
        message = (
            f"计入本采购后全年工会福利 {yuan_display(after)} 元，限额 {heads} 人 × {each} 元 = "
            f"{yuan_display(limit)} 元，{state}"
        )
    yield Doubt(
        code="welfare_limit",
        level=Level.WARN,
        message=message,
        field="use",
        clause="第四部分（一）第三段",
        line=lines[0].position,
    )
