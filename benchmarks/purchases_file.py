"""采购.xlsx of any length for the units of `place.make_units`: one to four lines a purchase, one in three for review."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

HEAD = (
    "采购编号", "单位编码", "采购日期", "供应商", "采购渠道", "用途", "法定节日", "产地", "产品名称", "数量", "计量单位",
    "金额", "其中已登记金额", "原采购编号", "发票代码", "发票号码", "状态",
)  # fmt: skip
REGIONS = ("布拖县", "昭觉县", "常山县", "江山市", "其他832脱贫县", "其他地区")


def write(path: Path, lines: int, first: int = 0) -> None:
    """`first`: how many purchases of earlier files there are already."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("采购")
    sheet.write_row(0, 0, HEAD)
    for row, values in enumerate(_rows(lines, first), start=1):
        for place, value in enumerate(values):
            if isinstance(value, datetime.date):
                sheet.write_datetime(row, place, value)
            elif isinstance(value, str):
                sheet.write_string(row, place, value)
            elif value is not None:
                sheet.write_number(row, place, value)
    book.close()


def _rows(lines: int, first: int) -> Iterator[list[Any]]:
    pick = random.Random(7 + first)
    made, purchase = 0, first
    while made < lines:
        purchase += 1
        unit = f"U{pick.randrange(550):03d}"
        day = datetime.date(2021, 1, 1) + datetime.timedelta(days=pick.randrange(365))
        head = [f"C{purchase:06d}", unit, day, f"合作社{pick.randrange(300)}"]
        channel = pick.choice(("832平台", "产地直采", "本地商超", "展销会", "电商平台"))
        status = "待审核" if purchase % 3 == 0 else "已核准"
        invoice = ["033002100211", f"{purchase:08d}"]
        for _ in range(min(pick.randint(1, 4), lines - made)):
            made += 1
            use = pick.choice(("食堂采购", "单位采购", "工会节日慰问", "工会福利", "原料采购"))
            holiday = pick.choice(("春节", "端午节", "国庆节")) if use == "工会节日慰问" else None
            product = f"土特产{pick.randrange(400)}"
            goods = [pick.choice(REGIONS), product, pick.randrange(1, 200), "千克"]
            amount = pick.randrange(100, 500_000) / 100
            yield [*head, channel, use, holiday, *goods, amount, None, None, *invoice, status]
