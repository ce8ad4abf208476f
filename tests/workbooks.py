"""Workbooks for tests: rows of text and numbers → the bytes of an .xlsx."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

UNITS = (
    "单位编码",
    "单位名称",
    "单位类别",
    "统一社会信用代码",
    "主管部门编码",
    "所在镇街编码",
    "所属单位编码",
    "隶属层级",
)
BASES = (
    "年度", "单位编码", "人数", "食堂采购预算", "节日慰问品总额", "采购目标", "帮扶资金基数", "宁波名单企业", "食堂情况",
    "共用代表单位编码", "预留比例",
)  # fmt: skip
PURCHASES = (
    "采购编号", "单位编码", "采购日期", "供应商", "采购渠道", "用途", "法定节日", "产地", "产品名称", "数量", "计量单位",
    "金额", "其中已登记金额", "原采购编号", "发票代码", "发票号码", "状态",
)  # fmt: skip


def workbook(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def records(header: Sequence[str], *rows: dict[str, Any]) -> bytes:
    """A workbook from rows given by column name; what a row does not name is blank."""
    for row in rows:
        assert set(row) <= set(header), set(row) - set(header)
    return workbook(header, [[row.get(name) for name in header] for row in rows])


def purchase(number: str = "P1", unit: str = "D01", **values: Any) -> dict[str, Any]:
    """One good row of 采购; `values` replace its cells."""
    return {
        "采购编号": number, "单位编码": unit, "采购日期": "2021-05-01", "供应商": "凉山合作社", "采购渠道": "产地直采",
        "用途": "单位采购", "产地": "布拖县", "产品名称": "土豆", "金额": 100, "状态": "已核准",
    } | values  # fmt: skip
