"""The columns of 采购.xlsx and how their cells are read."""

from __future__ import annotations

from typing import Any

from procurement.choices import Channel, Holiday, Status, Use
from procurement.imports import cells
from procurement.imports.sheet import Column
from procurement.imports.units import name

LOADABLE = {
    label: status
    for status, label in Status.choices
    if status in (Status.DRAFT, Status.SUBMITTED, Status.APPROVED, Status.RETURNED)
}


def number(value: Any) -> str:
    return cells.limited(cells.plain(value), 64)


def status(value: Any) -> str:
    text = cells.plain(value)
    if text and text not in LOADABLE:
        raise ValueError(f"应为 {'、'.join(LOADABLE)} 之一，空白为待审核")
    return LOADABLE.get(text, "")


COLUMNS = (
    Column("采购编号", number, required=True, varied=True),
    Column("单位编码", cells.unit, required=True),
    Column("采购日期", cells.date, required=True),
    Column("供应商", name(150), required=True),
    Column("采购渠道", cells.choice(Channel), required=True),
    Column("用途", cells.choice(Use), required=True),
    Column("法定节日", cells.choice(Holiday)),
    Column("产地", name(50), required=True),
    Column("产品名称", name(200), required=True),
    Column("数量", cells.quantity),
    Column("计量单位", name(20)),
    Column("金额", cells.money, required=True),
    Column("其中已登记金额", cells.money),
    Column("原采购编号", number),
    Column("发票代码", cells.invoice_code),
    Column("发票号码", cells.invoice_number, varied=True),
    Column("状态", status),
)
HEAD = ("单位编码", "采购日期", "供应商", "采购渠道", "原采购编号", "发票代码", "发票号码", "状态")
"""Columns in which the rows of one purchase must agree."""
