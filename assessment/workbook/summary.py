"""汇总: the city's two totals with their parts, how many units stand how on each rule, and the counties."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from assessment.rules.city_total import Total
from assessment.rules.standing import Status, ratio
from assessment.words import STATUS
from assessment.workbook import findings, ranking
from assessment.workbook.rule_sheet import ALERT, STATUS_PLACE, quotient
from assessment.workbook.source import Source, yuan
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.money import from_fen
from cixi_xiezuo.sheets import Formula, Sheet, Table
from procurement.choices import PairingKind
from procurement.models import Region
from procurement.month_sums import month_sums
from procurement.region_sums import RegionSum, region_sums_as_of
from procurement.terms import Terms

NAME = "汇总"
PAGE = [Column("", width) for width in (26, 18, 18, 18, 12, 12, 24, 10, 10)]
"""The sheet's nine columns, which all its tables share."""
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
    sheet.widths(column.width for column in PAGE)
    _head(sheet, source)
    _findings(sheet, source)
    _totals(sheet, source, ranked)
    _statuses(sheet, source, rules)
    _counties(sheet, source)
    _months(sheet, source)
    _unattributed(sheet, source)


def _head(sheet: Sheet, source: Source) -> None:
    policy = source.standing.policy
    sheet.title(f"{source.title}汇总", PAGE)
    sheet.note(f"政策：{policy.title}", PAGE)
    if policy.year != source.year:
        sheet.note(f"{source.year} 年度没有自己的政策，按 {policy.year} 年度政策考核", PAGE)
    if policy.document_numbers:
        sheet.note(f"文号：{policy.document_numbers}", PAGE)
    sheet.note(source.as_of_note, PAGE)
    sheet.skip()


def _findings(sheet: Sheet, source: Source) -> None:
    for paragraph in findings.paragraphs(source):
        sheet.note(f"　　{paragraph}", PAGE)
    sheet.skip()


def _months(sheet: Sheet, source: Source) -> None:
    sheet.heading("四、分月")
    table = sheet.table(
        [
            Column("月份"),
            Column("当月（元）", kind=Kind.AMOUNT, total=True),
            Column("累计（元）", kind=Kind.AMOUNT),
        ],
        main=False,
    )
    sums, until = month_sums(source.year, source.standing.as_of), 0
    for month in range(1, 13):
        until += sums.get(month, 0)
        running = Formula(f"SUM({table.cell(1, table.first)}:{table.cell(1)})", from_fen(until))
        table.add([f"{month}月", from_fen(sums.get(month, 0)), running])
    table.close()
    months = table.span(0, absolute=True)
    sheet.skip()
    sheet.chart("column", "各月采购额（元）", months, ("当月", table.span(1, absolute=True)))


def _totals(sheet: Sheet, source: Source, ranked: Table) -> None:
    """The city's total is the sum of its first two parts below it; the other is the ranking's sum."""
    sheet.heading("一、全市合计")
    table = sheet.table(
        [
            Column("指标"),
            Column("数值（元）", kind=Kind.AMOUNT),
            Column("标准（元）", kind=Kind.AMOUNT),
            Column("差额（元）", kind=Kind.AMOUNT),
            Column("完成率", kind=Kind.PERCENT),
            Column("状态", alert=ALERT, middle=True),
            Column("条款"),
        ],
        main=False,
    )
    total = source.standing.city_total
    direct, commerce = table.cell(1, table.row + 1), table.cell(1, table.row + 2)
    _total(table, source, total, f"{direct}+{commerce}")
    for label, part in (
        ("其中：直接采购", total.direct),
        ("　　　商务帮扶", total.commerce),
        ("其中：东西部协作", total.east_west),
        ("　　　山海协作", total.mountain_sea),
    ):
        table.add([label, yuan(part), *[None] * 5])
    _total(table, source, source.standing.dept_town_total, ranked.total_cell(ranking.ATTRIBUTED))
    sheet.skip()


def _total(table: Table, source: Source, total: Total, formula: str) -> None:
    value, threshold, gap = from_fen(total.value), from_fen(total.threshold), from_fen(total.gap)
    share = ratio(total.value, total.threshold) if total.threshold else None
    table.add(
        [
            source.rule(total.rule).title,
            Formula(formula, value),
            threshold,
            Formula(f"MAX(0,{table.cell(2)}-{table.cell(1)})", gap),
            quotient(share, table, 1, 2),
            STATUS[total.status],
            total.clause,
        ]
    )


def _statuses(sheet: Sheet, source: Source, rules: Mapping[str, Table]) -> None:
    """Counted by formulas over the sheets of the rules."""
    sheet.heading("二、各项规则达标情况（单位数）")
    table = sheet.table(
        [Column("规则"), *(Column(STATUS[status], kind=Kind.WHOLE) for status in COUNTED)], main=False
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
    sheet.heading("三、分产地")
    table = sheet.table(
        [
            Column("产地"),
            Column("直接采购（元）", kind=Kind.AMOUNT, total=True),
            Column("商务帮扶（元）", kind=Kind.AMOUNT, total=True),
            Column("合计（元）", kind=Kind.AMOUNT, total=True),
            Column("重点", middle=True),
            Column("结对类别", middle=True),
        ],
        main=False,
    )
    terms = source.explainer.terms
    sums = region_sums_as_of(source.year, source.standing.as_of)
    for region in paired_regions(terms):
        found = sums.get(region.pk, RegionSum(Decimal(0), Decimal(0)))
        table.add(
            [
                region.name,
                found.direct,
                found.commerce,
                Formula(f"{table.cell(1)}+{table.cell(2)}", found.total),
                "重点" if region.pk in terms.primary else None,
                PairingKind(terms.pairings[region.pk]).label,
            ]
        )
    table.close()
    sheet.skip()


def paired_regions(terms: Terms) -> list[Region]:
    """Primary ones first, then 东西部协作, then by code."""
    found = Region.objects.filter(pk__in=list(terms.pairings)).order_by("code")
    return sorted(found, key=lambda each: (each.pk not in terms.primary, terms.pairings[each.pk]))


def _unattributed(sheet: Sheet, source: Source) -> None:
    numbers = source.standing.unattributed_purchases()
    if not numbers:
        return
    sheet.heading("五、无责任单位的采购（请补充单位的主管部门或所在镇街）")
    table = sheet.table([Column("采购编号")], main=False)
    for number in numbers:
        table.add([number])
