"""责任单位排名: departments and towns by how far they have come with their target."""

from __future__ import annotations

from assessment.rules.dept_town_total import Responsible
from assessment.words import STATUS
from assessment.workbook.rule_sheet import ALERT, quotient
from assessment.workbook.source import Source, yuan
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.sheets import Sheet, Table
from units.kinds import Kind as UnitKind

NAME = "责任单位排名"
ATTRIBUTED, TARGET = 4, 5
"""Columns, from 0."""
COLUMNS = (
    Column("名次", 7, Kind.WHOLE),
    Column("单位编码", 12),
    Column("责任单位", 28),
    Column("类别", 10, middle=True),
    Column("完成额（元）", 17, Kind.AMOUNT, total=True),
    Column("目标（元）", 17, Kind.AMOUNT, total=True),
    Column("完成率", 10, Kind.PERCENT),
    Column("状态", 10, alert=ALERT, middle=True),
    Column("差额（元）", 17, Kind.AMOUNT, total=True),
)


def write(sheet: Sheet, source: Source) -> Table:
    rule = source.rule("dept_town_total")
    sheet.title(f"{source.year}年度责任单位完成情况排名", COLUMNS)
    sheet.note(source.as_of_note, COLUMNS)
    sheet.note(f"依据：{rule.clause}　{rule.quote}", COLUMNS)
    table = sheet.table(COLUMNS, frozen=3)
    for row in source.standing.ranking:
        table.add(_row(row, table))
    table.close()
    if table.last >= table.first:
        sheet.skip()
        names = table.span(2, absolute=True)
        sheet.chart(
            "bar",
            "完成额与目标（元）",
            names,
            ("完成额", table.span(ATTRIBUTED, absolute=True)),
            ("目标", table.span(TARGET, absolute=True)),
            lines=max(16, table.last - table.first + 6),
        )
    return table


def _row(row: Responsible, table: Table) -> list[object]:
    return [
        row.rank,
        row.unit.code,
        row.unit.name,
        UnitKind(row.unit.kind).label,
        yuan(row.attributed),
        yuan(row.target),
        quotient(row.completion, table, ATTRIBUTED, TARGET),
        STATUS[row.status],
        yuan(row.gap),
    ]
