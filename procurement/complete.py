"""What a purchase still lacks before it can be submitted. One Chinese sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from procurement.choices import Use
from procurement.models.purchase import Purchase, PurchaseLine


class Missing(NamedTuple):
    """`line` is the position from 1, 0 for the head; `field` the form field's name."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.message}" if self.line else self.message


@dataclass(frozen=True, slots=True)
class Required:
    field: str
    message: str


HEAD = (
    Required("date", "请填写开票日期或采购日期"),
    Required("supplier_id", "请填写供应商"),
    Required("channel", "请选择采购渠道"),
)
LINE = (
    Required("use", "请选择用途"),
    Required("region_id", "请选择产地"),
    Required("product_name", "请填写产品名称"),
)


def missing(purchase: Purchase, lines: list[PurchaseLine]) -> Iterator[Missing]:
    for need in HEAD:
        if not getattr(purchase, need.field):
            yield Missing(0, need.field, need.message)
    if not lines:
        yield Missing(0, "lines", "请至少填写一行采购明细")
    for line in lines:
        for need in LINE:
            if not getattr(line, need.field):
                yield Missing(line.position, need.field, need.message)
        if line.use == Use.UNION_HOLIDAY and not line.holiday:
            yield Missing(line.position, "holiday", "用途为工会节日慰问，请选择法定节日")
        if purchase.is_refund and line.amount > 0:
            yield Missing(line.position, "amount", f"退货（红冲）的金额应为负数，如 -{line.amount}")
        if not purchase.is_refund and line.amount < 0:
            yield Missing(line.position, "amount", "金额为负数的是退货（红冲），请填写原采购编号")
