"""`explain YEAR RULE [UNIT]`: a figure line by line, what it counts and what it leaves out and why."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import CommandParser

from assessment.explain import Explanation, Part, explain
from assessment.jsonform import money
from assessment.standing import policy_of
from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.commands import add_as_of, add_json, add_year
from cixi_xiezuo.plaintable import plain_table
from cixi_xiezuo.snapshot import snapshot


class Command(BaseCommand):
    help = "一个数字由哪些明细构成，哪些不计入及原因"
    usage = "explain YEAR RULE [UNIT] [--as-of DATE] [--json]"

    def add_arguments(self, parser: CommandParser) -> None:
        add_year(parser)
        parser.add_argument("rule", metavar="RULE", help="规则，如 canteen_share")
        parser.add_argument("unit", metavar="UNIT", nargs="?", help="单位编码；全市合计不给")
        add_as_of(parser)
        add_json(parser)

    def handle(
        self,
        *,
        year: int,
        rule: str,
        unit: str | None,
        as_of: datetime.date | None,
        json: bool,
        **options: Any,
    ) -> None:
        with snapshot():
            found = explain(year, rule, unit, as_of)
            self.notice_policy(year, policy_of(year).year)
        if found.sum_counted != found.figure:
            self.notice("注意：明细合计与数字不符，请运行 python manage.py verify 核对")
        if json:
            self.print_json(as_json(found))
        else:
            self.stdout.write(report(found))


def as_json(found: Explanation) -> dict[str, Any]:
    return {
        "figure": money(found.figure),
        "counted": [part_json(part) for part in found.counted],
        "excluded": [part_json(part) | {"reason": part.reason} for part in found.excluded],
    }


def part_json(part: Part) -> dict[str, Any]:
    return {
        "purchase": part.line.number,
        "line": part.line.position,
        "amount": money(part.amount),
    }


def report(found: Explanation) -> str:
    head = ["采购编号", "行", "计入日期", "单位", "产品", "金额（元）"]
    parts = [f"数字：{money(found.figure)} 元", "", f"计入 {len(found.counted)} 笔"]
    if found.counted:
        parts.append(plain_table(head, [part_row(part) for part in found.counted], right=(1, 5)))
    parts += ["", f"不计入 {len(found.excluded)} 笔"]
    if found.excluded:
        rows = [[*part_row(part), part.sentence] for part in found.excluded]
        parts.append(plain_table([*head, "原因"], rows, right=(1, 5)))
    return "\n".join(parts)


def part_row(part: Part) -> list[object]:
    line = part.line
    return [
        line.number,
        line.position,
        line.date,
        line.unit_name,
        line.product,
        money(part.amount),
    ]
