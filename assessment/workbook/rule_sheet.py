"""How every unit stands on one rule: what all such sheets share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assessment.facts import RuleTerms
from assessment.rules.standing import Standing, Status
from assessment.words import STATUS
from assessment.workbook.source import Source, ratio, yuan
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.sheets import Formula, Sheet, Table, ratio_formula
from units.kinds import Kind as UnitKind

ALERT = frozenset(STATUS[each] for each in (Status.NOT_MET, Status.EXCEEDED, Status.MISSING_BASE))
NUMERATOR, DENOMINATOR, RATIO, STATUS_PLACE, GAP = 3, 4, 5, 7, 8
"""Columns, from 0."""
COLUMNS = (
    Column("单位编码", 12),
    Column("单位名称", 28),
    Column("类别", 10),
    Column("分子（元）", 17, Kind.AMOUNT, total=True),
    Column("分母（元）", 17, Kind.AMOUNT, total=True),
    Column("占比", 10, Kind.PERCENT),
    Column("标准", 12, Kind.PERCENT),
    Column("状态", 10, alert=ALERT, middle=True),
    Column("差额（元）", 17, Kind.AMOUNT, total=True),
    Column("条款", 22),
)


@dataclass(frozen=True)
class Extra:
    """A column that one rule has beyond those of all."""

    column: Column
    value: Callable[[Standing, Source], Any]


@dataclass(frozen=True)
class RuleSheet:
    """`measure`: the rule's number as the sheet is named by it; `note`: what 分子 and 分母 are."""

    kind: str
    label: str
    note: str
    measure: Callable[[RuleTerms], str] = lambda rule: ""
    standard: Callable[[Standing, Source], Any] = lambda standing, source: ratio(standing.threshold)
    standard_column: Column = COLUMNS[6]
    gap_column: Column = COLUMNS[GAP]
    extras: tuple[Extra, ...] = field(default=())

    def name(self, source: Source) -> str:
        return self.label + self.measure(source.rule(self.kind))

    def write(self, sheet: Sheet, source: Source) -> Table:
        rule = source.rule(self.kind)
        columns = [*COLUMNS[:6], self.standard_column, COLUMNS[7], self.gap_column]
        columns += [extra.column for extra in self.extras] + [COLUMNS[9]]
        sheet.title(f"{source.year}年度{rule.title}", columns)
        sheet.note(source.as_of_note + (f"　牵头：{rule.lead}" if rule.lead else ""), columns)
        sheet.note(self.note, columns)
        sheet.note(f"依据：{rule.clause}　{rule.quote}", columns)
        table = sheet.table(columns, frozen=2)
        for standing in source.standing.units:
            if standing.rule == self.kind:
                table.add(self._row(standing, source, table))
        table.close()
        return table

    def _row(self, standing: Standing, source: Source, table: Table) -> list[Any]:
        return [
            standing.unit.code,
            standing.unit.name,
            UnitKind(standing.unit.kind).label,
            yuan(standing.numerator),
            yuan(standing.denominator),
            quotient(standing.ratio, table, NUMERATOR, DENOMINATOR),
            self.standard(standing, source),
            STATUS[standing.status],
            yuan(standing.gap),
            *(extra.value(standing, source) for extra in self.extras),
            standing.clause,
        ]


def quotient(part: int | None, table: Table, numerator: int, denominator: int) -> Formula | None:
    """The ratio as a formula over the row's own cells, with our value; None where there is none."""
    value = ratio(part)
    if value is None:
        return None
    return Formula(ratio_formula(table.cell(numerator), table.cell(denominator)), value)


def percent_text(rule: RuleTerms) -> str:
    """ "10%", "12.5%"; nothing when the policy sets none."""
    return "" if rule.percent is None else f"{(Decimal(rule.percent) / 100).normalize():f}%"


def amount_text(rule: RuleTerms) -> str:
    return "" if rule.amount is None else f"{(Decimal(rule.amount) / 100).normalize():f}元"
