"""责任单位分月: what each department and town answered for, month by month."""

from __future__ import annotations

import calendar
import dataclasses
import datetime

from assessment.rules import dept_town_total
from assessment.workbook.source import Source, yuan
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.sheets import Formula, Sheet, Table
from procurement import tallies

NAME = "责任单位分月"
COLUMNS = (
    Column("单位编码", 12),
    Column("责任单位", 26),
    *(Column(f"{month}月（元）", 14, Kind.AMOUNT, total=True) for month in range(1, 13)),
    Column("全年（元）", 16, Kind.AMOUNT, total=True),
)
FIRST = 2


def write(sheet: Sheet, source: Source) -> Table:
    sheet.title(f"{source.year}年度责任单位分月完成情况", COLUMNS)
    sheet.note(f"{source.as_of_note}　按计入日期（开票日期，没有发票的按采购日期）分月", COLUMNS)
    table = sheet.table(COLUMNS, frozen=2)
    months = by_month(source)
    for row in source.standing.responsible:
        parts = [month.get(row.unit.id, 0) for month in months]
        span = f"{table.cell(FIRST)}:{table.cell(FIRST + 11)}"
        table.add(
            [row.unit.code, row.unit.name, *map(yuan, parts), Formula(f"SUM({span})", yuan(sum(parts)) or 0)]
        )
    table.close()
    return table


def by_month(source: Source) -> list[dict[int, int]]:
    """January to December: unit id → 分 answered for in it, up to the day."""
    facts, rule = source.standing.facts, source.rule("dept_town_total")
    found: list[dict[int, int]] = []
    before: dict[int, int] = {}
    for month in range(1, 13):
        last = datetime.date(source.year, month, calendar.monthrange(source.year, month)[1])
        sums = tuple(tallies.sums_as_of(source.year, min(last, source.standing.as_of)))
        until = dept_town_total.attributed(rule, dataclasses.replace(facts, sums=sums))
        found.append({unit: until.get(unit, 0) - before.get(unit, 0) for unit in until | before})
        before = until
    return found
