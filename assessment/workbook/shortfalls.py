"""未达标清单: whom somebody has to talk to, and about how much."""

from __future__ import annotations

from collections.abc import Iterable

from assessment.overview import BEHIND, urgency
from assessment.rules.standing import Standing, Status
from assessment.words import STATUS
from assessment.workbook.rule_sheet import ALERT
from assessment.workbook.source import Source, ratio, yuan
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.sheets import Sheet
from units.kinds import Kind as UnitKind

NAME = "未达标清单"
COLUMNS = (
    Column("规则", 20),
    Column("单位编码", 12),
    Column("单位名称", 28),
    Column("类别", 10),
    Column("状态", 10, alert=ALERT, middle=True),
    Column("已完成（元）", 17, Kind.AMOUNT),
    Column("占比", 10, Kind.PERCENT),
    Column("还差或超出（元）", 18, Kind.AMOUNT, total=True),
    Column("主管部门", 24),
)


def write(sheet: Sheet, source: Source) -> None:
    """By rule, the most urgent first; departments and towns after the units' rules."""
    sheet.title(f"{source.year}年度未达标清单", COLUMNS)
    sheet.note(f"{source.as_of_note}　年度未结束时为尚未达到的单位", COLUMNS)
    table = sheet.table(COLUMNS, frozen=3)
    for standing in by_urgency(source, BEHIND):
        table.add(_row(source.rule(standing.rule).title, standing, source))
    rule = source.rule("dept_town_total")
    for row in source.standing.ranking:
        if row.status in BEHIND:
            unit = row.unit
            kind = UnitKind(unit.kind).label
            words = [rule.title, unit.code, unit.name, kind, STATUS[row.status]]
            table.add([*words, yuan(row.attributed), ratio(row.completion), yuan(row.gap), None])
    table.close()


def by_urgency(source: Source, statuses: Iterable[Status]) -> list[Standing]:
    """The units' standings of these statuses, by rule, the most urgent first."""
    order = {kind: place for place, kind in enumerate(source.standing.facts.rules)}
    found = [standing for standing in source.standing.units if standing.status in statuses]
    return sorted(found, key=lambda standing: (order[standing.rule], urgency(standing)))


def _row(title: str, standing: Standing, source: Source) -> list[object]:
    return [
        title,
        standing.unit.code,
        standing.unit.name,
        UnitKind(standing.unit.kind).label,
        STATUS[standing.status],
        yuan(standing.numerator),
        ratio(standing.ratio),
        yuan(standing.gap),
        supervisor(standing, source),
    ]


def supervisor(standing: Standing, source: Source) -> str | None:
    """The name of the unit's 主管部门."""
    above = standing.unit.supervisor
    return source.standing.facts.units[above].name if above else None
