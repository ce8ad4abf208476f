"""The year in the sentences of an official report, made from the figures of the other sheets."""

from __future__ import annotations

from collections.abc import Iterator

from assessment.overview import rule_counts
from assessment.rules.city_total import Total
from assessment.rules.standing import Status, ratio
from assessment.sentences import exact, percent
from assessment.workbook.source import Source
from cixi_xiezuo.money import from_fen
from cixi_xiezuo.templatetags.amounts import wan


def paragraphs(source: Source) -> Iterator[str]:
    standing = source.standing
    total = standing.city_total
    yield (
        f"截至{standing.as_of:%Y年%m月%d日}，全市通过直接采购、商务帮扶等方式帮助对口地区销售农特产品 {_wan(total.value)}，"
        f"其中直接采购 {_wan(total.direct)}、商务帮扶 {_wan(total.commerce)}；东西部协作 {_wan(total.east_west)}、"
        f"山海协作 {_wan(total.mountain_sea)}。{_against(total)}"
    )
    ranked = standing.ranking
    done = sum(row.status == Status.MET for row in ranked)
    asked = sum(row.status != Status.NO_TARGET for row in ranked)
    best = "、".join(f"{row.unit.name}（{exact(row.completion or 0)}）" for row in ranked[:3] if row.rank)
    yield (
        f"各部门、各镇（街道）完成对口地区农特产品采购 {_wan(standing.dept_town_total.value)}。{_against(standing.dept_town_total)}"
        f"有采购目标的 {asked} 个责任单位中，{done} 个已完成目标"
        + (f"；完成率居前的是{best}。" if best else "。")
    )
    for count in rule_counts(standing.facts, standing.units):
        rule = count.rule
        asked_for = f"（不低于 {percent(rule.percent)}）" if rule.percent is not None else ""
        words = [f"{rule.title}{asked_for}涉及 {count.units} 个单位"]
        for status, text in (
            (Status.MET, "个达标"),
            (Status.WITHIN, "个未超限额"),
            (Status.IN_PROGRESS, "个尚未达到"),
            (Status.NOT_MET, "个未达标"),
            (Status.EXCEEDED, "个超出限额"),
            (Status.REPORTED, "个只作通报"),
            (Status.MISSING_BASE, "个缺少年度基数"),
        ):
            if found := count.count(status):
                words.append(f"{found} {text}")
        yield "，".join(words) + "。"


def _wan(fen: int) -> str:
    return f"{wan(from_fen(fen))} 万元"


def _against(total: Total) -> str:
    if not total.threshold:
        return ""
    share = exact(ratio(total.value, total.threshold))
    asked = f"完成全年目标 {_wan(total.threshold)}的 {share}"
    if total.status == Status.MET:
        return (
            f"{asked}，超额 {_wan(total.value - total.threshold)}。"
            if total.value > total.threshold
            else f"{asked}。"
        )
    return f"{asked}，{'差' if total.status == Status.NOT_MET else '还差'} {_wan(total.gap)}。"
