"""A standing in plain words for the unit it belongs to: what is done, and how much is still to go."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assessment.facts import RuleTerms
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import WHOLE, Standing, Status
from cixi_xiezuo.money import from_fen, yuan_display
from procurement.holidays import next_holiday
from units.models import BaseStatus

if TYPE_CHECKING:
    from assessment.standing import Standings

BASES = {
    "canteen_share": "食堂采购预算",
    "union_holiday_share": "节日慰问品总额",
    "union_welfare_cap": "人数",
    "financial_share": "帮扶资金基数",
}
"""What the figure is measured by, in the words of the form on which units declare it."""

_DECLARED = {
    "": "还没有填报",
    BaseStatus.UNFILED: "还没有填报",
    BaseStatus.FILED: "已填报，等待确认",
    BaseStatus.RETURNED: "被退回，需要重新填报",
    BaseStatus.CONFIRMED: "已确认的年度基数里没有填写",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One rule for one unit. `value` of `full` (分) is how far the bar goes; None where there is none."""

    rule: str
    title: str
    status: Status
    sentence: str
    unit_code: str
    value: int
    full: int | None
    clause: str
    quote: str


def yuan(fen: int) -> str:
    return yuan_display(from_fen(fen))


def percent(hundredths: int) -> str:
    """1000 → "10%", 1250 → "12.5%"."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%" if rest else f"{whole}%"


def exact(ratio: int) -> str:
    """Ten-thousandths → "9.99%", as truncated as the standing has it."""
    whole, rest = divmod(abs(ratio), 100)
    return f"{'-' if ratio < 0 else ''}{whole}.{rest:02d}%"


NONE = "—"
"""In tables, where there is no figure."""


def yuan_or_dash(fen: int | None) -> str:
    return NONE if fen is None else yuan(fen)


def exact_or_dash(ratio: int | None) -> str:
    return NONE if ratio is None else exact(ratio)


def of_unit(
    standing: Standings, unit_id: int, declared: str = ""
) -> Iterator[tuple[Told, Standing | Responsible]]:
    """Everything asked of a unit, what it answers for first, each with the figures that it tells of.

    `declared`: the status of the unit's year base ("" where there is none).
    """
    rules = standing.facts.rules
    row = standing.responsible_of(unit_id) if "dept_town_total" in rules else None
    if row is not None:
        yield of_responsible(row, rules["dept_town_total"]), row
    for each in standing.of_unit(unit_id):
        yield of_standing(each, rules[each.rule], declared), each


def of_standing(standing: Standing, terms: RuleTerms, declared: str = "") -> Told:
    """`declared`: the status of the unit's year base ("" where there is none)."""
    tell = _cap if standing.rule == "union_welfare_cap" else _share
    return Told(
        rule=standing.rule,
        title=terms.title,
        status=standing.status,
        sentence=tell(standing, terms, declared),
        unit_code=standing.unit.code,
        value=max(0, standing.numerator),
        full=_full(standing),
        clause=standing.clause,
        quote=terms.quote,
    )


def _full(standing: Standing) -> int | None:
    if not standing.denominator:
        return None
    if standing.rule == "union_welfare_cap":
        return standing.denominator
    share = WHOLE if standing.threshold is None else standing.threshold
    return max(1, -(-standing.denominator * share // WHOLE))


def _share(standing: Standing, terms: RuleTerms, declared: str) -> str:
    done, base = yuan(standing.numerator), BASES[standing.rule]
    match standing.status:
        case Status.MISSING_BASE:
            return f"已完成 {done} 元；{base}{_DECLARED[declared]}，暂时算不出占比"
        case Status.NOT_APPLICABLE:
            return f"按年度基数申报，本单位今年不考核这一项（已记录 {done} 元）"
    assert standing.ratio is not None and standing.denominator is not None
    begun = f"已完成 {done} 元，占{base} {yuan(standing.denominator)} 元的 {exact(standing.ratio)}"
    if standing.threshold is None:
        return f"{begun}；今年没有规定比例，只通报"
    asked, gap = percent(standing.threshold), yuan(standing.gap or 0)
    if standing.status == Status.MET:
        return f"{begun}，达到 {asked}"
    if standing.status == Status.NOT_MET:
        return f"{begun}，没有达到 {asked}，差 {gap} 元"
    return f"{begun}，距{asked}还差 {gap} 元"


def _cap(standing: Standing, terms: RuleTerms, declared: str) -> str:
    spent = yuan(standing.numerator)
    match standing.status:
        case Status.MISSING_BASE:
            return f"已支出 {spent} 元；人数{_DECLARED[declared]}，暂时算不出限额"
        case Status.NOT_APPLICABLE:
            return "今年还没有工会福利支出"
    head = yuan(terms.amount or 0)
    begun = f"已支出 {spent} 元，限额 {yuan(standing.denominator or 0)} 元（每人每年 {head} 元）"
    if standing.status == Status.EXCEEDED:
        return f"{begun}，超出 {yuan(standing.gap or 0)} 元"
    return f"{begun}，还可使用 {yuan(standing.gap or 0)} 元"


def of_responsible(row: Responsible, terms: RuleTerms) -> Told:
    """What a department or town answers for, against its target."""
    done = yuan(row.attributed)
    if row.target is None or not row.target or row.completion is None:
        sentence = f"本单位及所属单位已完成 {done} 元；今年还没有确认的采购目标"
    else:
        sentence = (
            f"本单位及所属单位已完成 {done} 元，占采购目标 {yuan(row.target)} 元的 {exact(row.completion)}，"
            f"全市排名第 {row.rank}"
        )
        if row.gap:
            ended = "没有完成，差" if row.status == Status.NOT_MET else "还差"
            sentence += f"，{ended} {yuan(row.gap)} 元"
    return Told(
        rule="dept_town_total",
        title=f"{terms.title}（责任单位）",
        status=row.status,
        sentence=sentence,
        unit_code=row.unit.code,
        value=max(0, row.attributed),
        full=row.target or None,
        clause=terms.clause,
        quote=terms.quote,
    )


def before_holiday(standing: Standing, today: datetime.date) -> str:
    """What to buy for the next holiday of the year to reach the quota: "中秋节（9月21日）前再买 3,200.00 元即达20%"; "" otherwise."""
    if standing.rule != "union_holiday_share" or standing.status != Status.IN_PROGRESS or not standing.gap:
        return ""
    coming = next_holiday(today)
    if coming is None or coming[1].year != today.year or standing.threshold is None:
        return ""
    holiday, day = coming
    return f"{holiday.label}（{day.month}月{day.day}日）前再买 {yuan(standing.gap)} 元即达{percent(standing.threshold)}"
