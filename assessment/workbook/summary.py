"""汇总: the city's two totals with their parts, how many units stand how on each rule, and the counties."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from assessment.rules.city_total import Total
from assessment.rules.standing import Status
from assessment.words import STATUS
from assessment.workbook import ranking
from assessment.workbook.rule_sheet import ALERT, STATUS_PLACE
from assessment.workbook.source import Source, yuan
from cixi_xiezuo.sheets import Cell, Column, Formula, Sheet, Table, ratio_formula
from procurement.choices import PairingKind
from procurement.models import Pairing
from procurement.region_sums import RegionSum, region_sums_as_of
from procurement.terms import TermsBook

NAME = "汇总"
WIDTHS = (24, 16, 16, 16, 12, 16, 12, 12, 24)
COUNTED = (
    Status.MET,
    Status.IN_PROGRESS,
    Status.NOT_MET,
    Status.WITHIN,
    Status.EXCEEDED,
    Status.REPORTED,
    Status.MISSING_BASE,
    Status.NOT_APPLICABLE,
)


def write(sheet: Sheet, source: Source, rules: Mapping[str, Table], ranked: Table) -> None:
    sheet.widths(WIDTHS)
    _head(sheet, source)
    parts = _parts(sheet, source)
    _totals(sheet, source, parts, ranked)
    _statuses(sheet, source, rules)
    _counties(sheet, source)
    _unattributed(sheet, source)


def _head(sheet: Sheet, source: Source) -> None:
    policy, wide = source.standing.policy, len(WIDTHS)
    sheet.title(f"{source.title}汇总", columns=wide)
    sheet.note(f"政策：{policy.title}", columns=wide)
    if policy.year != source.year:
        sheet.note(f"{source.year} 年度没有自己的政策，按 {policy.year} 年度政策考核", columns=wide)
    if policy.document_numbers:
        sheet.note(f"文号：{policy.document_numbers}", columns=wide)
    sheet.note(source.as_of_note, columns=wide)
    sheet.skip()


def _parts(sheet: Sheet, source: Source) -> dict[str, str]:
    """The parts of the city's total, one below the other; returns the address of each."""
    total = source.standing.city_total
    sheet.heading(f"一、{source.rule('city_total').title}的构成")
    table = sheet.table([Column("构成"), Column("金额（元）", cell=Cell.AMOUNT)], main=False)
    found = {}
    for name, label in (
        ("direct", "直接采购"),
        ("commerce", "商务帮扶"),
        ("east_west", PairingKind.EAST_WEST.label),
        ("mountain_sea", PairingKind.MOUNTAIN_SEA.label),
    ):
        found[name] = table.cell(1)
        table.add([label, yuan(getattr(total, name))])
    sheet.skip()
    return found


def _totals(sheet: Sheet, source: Source, parts: Mapping[str, str], ranked: Table) -> None:
    sheet.heading("二、全市合计")
    table = sheet.table(
        [
            Column("指标"),
            Column("数值（元）", cell=Cell.AMOUNT),
            Column("标准（元）", cell=Cell.AMOUNT),
            Column("差额（元）", cell=Cell.AMOUNT),
            Column("完成率", cell=Cell.PERCENT),
            Column("状态", alert=ALERT),
            Column("条款"),
        ],
        main=False,
    )
    standing = source.standing
    _total(table, source, standing.city_total, f"{parts['direct']}+{parts['commerce']}")
    _total(table, source, standing.dept_town_total, ranked.total_cell(ranking.ATTRIBUTED))
    sheet.skip()


def _total(table: Table, source: Source, total: Total, formula: str) -> None:
    value, threshold = yuan(total.value), yuan(total.threshold)
    assert value is not None and threshold is not None
    share = None
    if total.threshold:
        part = abs(total.value) * 10_000 // total.threshold * (1 if total.value >= 0 else -1)
        share = Formula(ratio_formula(table.cell(1), table.cell(2)), Decimal(part).scaleb(-4))
    table.add(
        [
            source.rule(total.rule).title,
            Formula(formula, value),
            threshold,
            Formula(f"MAX(0,{table.cell(2)}-{table.cell(1)})", yuan(total.gap) or Decimal(0)),
            share,
            STATUS[total.status],
            total.clause,
        ]
    )


def _statuses(sheet: Sheet, source: Source, rules: Mapping[str, Table]) -> None:
    """Counted by formulas over the sheets of the rules."""
    sheet.heading("三、各项规则达标情况（单位数）")
    table = sheet.table(
        [Column("规则"), *(Column(STATUS[status], cell=Cell.WHOLE) for status in COUNTED)], main=False
    )
    for kind, rule_table in rules.items():
        cells = rule_table.span(STATUS_PLACE, absolute=True)
        standings = [each for each in source.standing.units if each.rule == kind]
        table.add(
            [
                source.rule(kind).title,
                *(
                    Formula(
                        f'COUNTIF({cells},"{STATUS[status]}")',
                        sum(each.status == status for each in standings),
                    )
                    for status in COUNTED
                ),
            ]
        )
    sheet.skip()


def _counties(sheet: Sheet, source: Source) -> None:
    """Paired counties, the primary ones first."""
    sheet.heading("四、分产地")
    table = sheet.table(
        [
            Column("产地"),
            Column("直接采购（元）", cell=Cell.AMOUNT, total=True),
            Column("商务帮扶（元）", cell=Cell.AMOUNT, total=True),
            Column("合计（元）", cell=Cell.AMOUNT, total=True),
            Column("重点"),
            Column("结对类别"),
        ],
        main=False,
    )
    sums = region_sums_as_of(source.year, source.standing.as_of)
    for pairing in pairings(source.year):
        found = sums.get(pairing.region_id, RegionSum(Decimal(0), Decimal(0)))
        table.add(
            [
                pairing.region.name,
                found.direct,
                found.commerce,
                Formula(f"{table.cell(1)}+{table.cell(2)}", found.total),
                "重点" if pairing.primary else None,
                pairing.get_kind_display(),
            ]
        )
    table.close()
    sheet.skip()


def pairings(year: int) -> list[Pairing]:
    """The pairings by which a year is read: primary first, then 东西部协作, then by code."""
    terms = TermsBook().source(year)
    if terms is None:
        return []
    found = terms.pairings.select_related("region").order_by("region__code")
    return sorted(found, key=lambda pairing: (not pairing.primary, pairing.kind))


def _unattributed(sheet: Sheet, source: Source) -> None:
    numbers = source.standing.unattributed_purchases()
    if not numbers:
        return
    sheet.heading("五、无责任单位的采购（请补充单位的主管部门或所在镇街）")
    table = sheet.table([Column("采购编号")], main=False)
    for number in numbers:
        table.add([number])
