"""`assess YEAR`: where the year stands, as a table for people or as the JSON of the cases."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandParser

from assessment import jsonform
from assessment.jsonform import money, ratio_text
from assessment.rules.city_total import Total
from assessment.standing import YearStanding
from assessment.words import STATUS
from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.commands import add_as_of, add_json, add_year
from cixi_xiezuo.plaintable import plain_table
from cixi_xiezuo.snapshot import snapshot


class Command(BaseCommand):
    help = "某年度的考核情况：全市合计、各单位各规则、责任单位排名"
    usage = "assess YEAR [--as-of DATE] [--json]"

    def add_arguments(self, parser: CommandParser) -> None:
        add_year(parser)
        add_as_of(parser)
        add_json(parser)

    def handle(self, *, year: int, as_of: datetime.date | None, json: bool, **options: Any) -> None:
        with snapshot():
            standing = YearStanding.read(year, as_of)
            shown = jsonform.year(standing) if json else "\n".join(report(standing))
        self.notice_policy(year, standing.policy.year)
        if json:
            self.print_json(shown)
        else:
            self.stdout.write(str(shown))


def report(standing: YearStanding) -> Iterator[str]:
    """The lines a person reads."""
    rules = standing.facts.rules
    yield f"{standing.policy.title}　截止 {standing.as_of}"
    yield ""
    yield plain_table(
        ["指标", "数值（元）", "标准（元）", "状态", "差额（元）"],
        [
            city_row(rules[total.rule].title, total)
            for total in (standing.city_total, standing.dept_town_total)
        ],
        right=(1, 2, 4),
    )
    total = standing.city_total
    yield (
        f"其中：直接采购 {money(total.direct)}，商务帮扶 {money(total.commerce)}；"
        f"东西部协作 {money(total.east_west)}，山海协作 {money(total.mountain_sea)}"
    )
    yield ""
    yield plain_table(
        ["单位编码", "单位名称", "规则", "分子（元）", "分母（元）", "占比", "状态", "差额（元）"],
        [
            [
                each.unit.code,
                each.unit.name,
                rules[each.rule].title,
                money(each.numerator),
                money(each.denominator),
                ratio_text(each.ratio),
                STATUS[each.status],
                money(each.gap),
            ]
            for each in standing.units
        ],
        right=(3, 4, 5, 7),
    )
    yield ""
    yield plain_table(
        ["名次", "单位编码", "责任单位", "完成额（元）", "目标（元）", "完成率", "状态"],
        [
            [
                row.rank,
                row.unit.code,
                row.unit.name,
                money(row.attributed),
                money(row.target),
                ratio_text(row.completion),
                STATUS[row.status],
            ]
            for row in standing.ranking
        ],
        right=(0, 3, 4, 5),
    )
    unattributed = standing.unattributed_purchases()
    if unattributed:
        yield ""
        yield f"无责任单位的采购：{'、'.join(unattributed)}"


def city_row(title: str, total: Total) -> list[object]:
    return [title, money(total.value), money(total.threshold), STATUS[total.status], money(total.gap)]
