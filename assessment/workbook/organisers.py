"""组织单位小计: a rule's units by who organises them."""

from __future__ import annotations

from assessment.organisers import by_organiser
from assessment.rules.standing import Status
from assessment.words import STATUS
from assessment.workbook.rule_sheet import quotient
from assessment.workbook.source import Source, yuan
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.sheets import Sheet

NAME = "组织单位小计"
SHOWN = (
    Status.MET,
    Status.WITHIN,
    Status.IN_PROGRESS,
    Status.NOT_MET,
    Status.EXCEEDED,
    Status.MISSING_BASE,
)
COLUMNS = (
    Column("规则", 20),
    Column("组织单位", 26),
    Column("单位数", 9, Kind.WHOLE),
    *(Column(STATUS[status], 10, Kind.WHOLE) for status in SHOWN),
    Column("分子（元）", 18, Kind.AMOUNT),
    Column("分母（元）", 18, Kind.AMOUNT),
    Column("占比", 10, Kind.PERCENT),
)
NUMERATOR, DENOMINATOR = 9, 10


def write(sheet: Sheet, source: Source) -> None:
    sheet.title(f"{source.year}年度各组织单位完成情况", COLUMNS)
    sheet.note(f"{source.as_of_note}　分子、分母只含已有基数的单位；一个单位由几家组织的，各计一次", COLUMNS)
    table = sheet.table(COLUMNS, frozen=2)
    for rule in source.standing.policy.rules.order_by("position"):
        for organiser, rows in by_organiser(rule, source.standing.units).items():
            based = [row for row in rows if row.denominator]
            numerator = sum(row.numerator for row in based)
            denominator = sum(row.denominator or 0 for row in based)
            part = numerator * 10_000 // denominator if denominator and numerator >= 0 else None
            counts = [sum(row.status == status for row in rows) for status in SHOWN]
            table.add(
                [
                    rule.title,
                    organiser,
                    len(rows),
                    *counts,
                    yuan(numerator),
                    yuan(denominator),
                    quotient(part, table, NUMERATOR, DENOMINATOR),
                ]
            )
    table.close()
