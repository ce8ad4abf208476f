"""缺基数清单: whose 年度基数 is not filed or not confirmed, so that nothing can be said of them."""

from __future__ import annotations

from assessment.rules.standing import Status
from assessment.sentences import BASES
from assessment.workbook.shortfalls import by_urgency, supervisor
from assessment.workbook.source import Source, yuan
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.sheets import Sheet
from units.kinds import Kind as UnitKind

NAME = "缺基数清单"
COLUMNS = (
    Column("规则", 20),
    Column("单位编码", 12),
    Column("单位名称", 28),
    Column("类别", 10),
    Column("缺少的基数", 20),
    Column("已完成（元）", 17, Kind.AMOUNT),
    Column("主管部门", 24),
)


def write(sheet: Sheet, source: Source) -> None:
    sheet.title(f"{source.year}年度缺少年度基数的单位", COLUMNS)
    sheet.note(f"{source.as_of_note}　没有填报，或填报后尚未确认；确认前不作达标判定", COLUMNS)
    table = sheet.table(COLUMNS, frozen=3)
    for standing in by_urgency(source, {Status.MISSING_BASE}):
        unit = standing.unit
        words = [source.rule(standing.rule).title, unit.code, unit.name, UnitKind(unit.kind).label]
        table.add([*words, BASES[standing.rule], yuan(standing.numerator), supervisor(standing, source)])
    table.close()
