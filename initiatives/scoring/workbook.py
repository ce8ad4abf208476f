"""考核评分: every department and town with its points by criterion, its total and its rank."""

from __future__ import annotations

from assessment.workbook.source import Source
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.sheets import Sheet
from initiatives.scoring.points import number, shown
from initiatives.scoring.sheet import Row, sheet_of
from units.kinds import Kind as UnitKind

NAME = "考核评分"
FIRST = (Column("名次", 7, Kind.WHOLE), Column("单位编码", 12), Column("单位", 28), Column("类别", 10))


def write(sheet: Sheet, source: Source) -> None:
    scores = sheet_of(source.year, source.standing)
    points = [
        Column(f"{item.name}（{'扣' if item.deducts else ''}{shown(item.full)} 分）", 14, Kind.AMOUNT)
        for item in scores.items
    ]
    columns = (*FIRST, *points, Column("合计", 10, Kind.AMOUNT), Column("待评", 7, Kind.WHOLE))
    mark = "（示例）" if scores.criteria.example else ""
    sheet.title(f"{source.year}年度消费帮扶考核评分{mark}", columns)
    sheet.note(f"{_day(scores.as_of.isoformat(), kept=scores.kept is not None)}　单位：分", columns)
    for item in scores.items:
        sheet.note(f"{item.name}：{item.how}；{item.about}", columns)
    table = sheet.table(columns, frozen=3)
    for row in scores.rows:
        table.add(_cells(row))
    table.close()


def _day(day: str, *, kept: bool) -> str:
    return f"封账时留存，计算到 {day}" if kept else f"截止日：{day}"


def _cells(row: Row) -> list[object]:
    points = [number(mark.points) for mark in row.marks]
    return [
        row.rank,
        row.code,
        row.name,
        UnitKind(row.kind).label,
        *points,
        number(row.total),
        row.waiting or None,
    ]
