"""The unit price is far from what others paid for the same product in the same measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from cixi_xiezuo.money import yuan_display
from procurement.checks.base import Doubt, Level, Subject

CASES = 5
"""Other approved lines that a median is taken of, at least."""
TIMES = 2
"""More than this many times the median, or less than one part in as many, is far."""
CENT = Decimal("0.01")


def median(prices: Sequence[Decimal]) -> Decimal:
    ordered = sorted(prices)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def find(subject: Subject) -> Iterator[Doubt]:
    for line in subject.lines:
        if not line.quantity or not line.measure or not line.region_id:
            continue  # not filled in yet, or bought by the lot
        others = [
            price
            for purchase, price in subject.known.prices.get((line.product_name, line.measure), ())
            if purchase != subject.purchase.pk
        ]
        if len(others) < CASES:
            continue
        price, usual = abs(line.amount / line.quantity), median(others)
        if usual <= price * TIMES and price <= usual * TIMES:
            continue
        yield Doubt(
            code="odd_price",
            level=Level.WARN,
            message=(
                f"第 {line.position} 行：{line.product_name}单价 {_shown(price)} 元/{line.measure}，"
                f"其他 {len(others)} 笔的中位数是 {_shown(usual)} 元/{line.measure}，相差较大；请核对数量、单位和金额"
            ),
            field="quantity",
            clause="第五部分（一）",
            line=line.position,
        )


def _shown(price: Decimal) -> str:
    return yuan_display(price.quantize(CENT, ROUND_HALF_UP))
