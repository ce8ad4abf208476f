"""What a 通报 says. The screen, the .docx and the PDF all show this, so that their figures cannot differ."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from assessment import base_fields, base_list, overview
from assessment.facts import RuleTerms
from assessment.rules import UNIT_RULES
from assessment.rules.city_total import Total
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import Standing, Status, ratio
from assessment.sentences import NONE, exact_or_dash, yuan_or_dash
from assessment.standing import YearStanding
from assessment.standing_list import RANKED, rows_of
from assessment.words import STATUS
from units.deadlines import days_late, deadline_of
from units.models import BaseStatus, Role, Unit
from units.scope import Scope

ISSUERS = (Role.BUREAU, Role.OVERSIGHT, Role.LEAD, Role.TOWN)
"""Who issues one: the bureau and 市对口支援办 of the whole city, a leading department or a town of the units it sees."""
NUMBERS = "一二三四五六七八九十"
RANKING_HEAD = ("名次", "责任单位", "采购目标（元）", "已完成（元）", "完成率", "差额（元）")
SHARE_HEAD = ("序号", "单位", "基数（元）", "已完成（元）", "占比", "差额（元）")
CAP_HEAD = ("序号", "单位", "限额（元）", "已支出（元）", "占比", "超出（元）")


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    paragraphs: list[str]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """`to`: 主送; `signer`: who issues it, "" where the person's unit is not known."""

    title: str
    to: str
    opening: str
    sections: list[Section]
    signer: str
    day: datetime.date
    as_of: datetime.date
    closing: str = field(default="特此通报。")

    @property
    def rows(self) -> int:
        return sum(len(each.table.rows) for each in self.sections if each.table)

    @property
    def signed(self) -> str:
        """成文日期, such as 2021年11月30日."""
        return date(self.day)


def date(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def draft(standing: YearStanding, user: Any) -> Notice:
    """Of the units that the person sees, and of no others; the city's totals for whoever sees the whole city."""
    scope = Scope.of(user)
    found = [
        *_totals(standing, scope),
        *_ranking(standing, scope),
        *(_rule(standing, scope, kind) for kind in UNIT_RULES if kind in standing.facts.rules),
        _declared(standing, user),
    ]
    parts = [part for part in found if part is not None]
    parts.append(_next_steps(parts, standing))
    done = "完成" if standing.facts.closed else "进展"
    return Notice(
        title=f"关于{standing.year}年度消费帮扶采购{done}情况的通报",
        to="各镇（街道）、管委会，市级各部门，各有关单位：" if scope.everything else "各有关单位：",
        opening=f"根据《{standing.policy.title}》，现将截至{date(standing.as_of)}的消费帮扶采购{done}情况通报如下。"
        "完成额按已核准的采购计算。",
        sections=[
            Section(f"{NUMBERS[place]}、{part.title}", part.paragraphs, part.table)
            for place, part in enumerate(parts)
        ],
        signer=_signer(standing, scope),
        day=timezone.localdate(),
        as_of=standing.as_of,
    )


def _signer(standing: YearStanding, scope: Scope) -> str:
    held = [scope.by_role[role] for role in ISSUERS if scope.has(role)]
    units = [standing.facts.units[pk] for pk in (held[0] if held else ()) if pk in standing.facts.units]
    return min(units, key=lambda unit: unit.code).name if units else ""


def _totals(standing: YearStanding, scope: Scope) -> Iterator[Section]:
    if not scope.everything:
        return
    rules = standing.facts.rules
    totals = [getattr(standing, kind) for kind in ("city_total", "dept_town_total") if kind in rules]
    if totals:
        yield Section("总体情况", [_total(total, rules[total.rule]) for total in totals])


def _total(total: Total, rule: RuleTerms) -> str:
    words = f"{rule.title}：已完成{yuan_or_dash(total.value)}元，目标{yuan_or_dash(total.threshold)}元"
    if total.threshold:
        words += f"，完成{exact_or_dash(ratio(total.value, total.threshold))}"
    return words + (f"，距目标还差{yuan_or_dash(total.gap)}元。" if total.gap else "，已达到目标。")


def _ranking(standing: YearStanding, scope: Scope) -> Iterator[Section]:
    if RANKED not in standing.facts.rules:
        return
    rows: list[Responsible] = rows_of(standing, RANKED, scope)
    if not rows:
        return
    behind = [row for row in rows if row.status in overview.BEHIND]
    met = sum(row.status == Status.MET for row in rows)
    untold = sum(row.status == Status.NO_TARGET for row in rows)
    words = [f"责任单位共{len(rows)}个，合计完成{yuan_or_dash(sum(row.attributed for row in rows))}元"]
    if met:
        words.append(f"完成目标的{met}个")
    if behind:
        words.append(f"尚未完成的{len(behind)}个，共差{yuan_or_dash(sum(row.gap or 0 for row in behind))}元")
    if untold:
        words.append(f"尚未确定采购目标的{untold}个，不排名")
    ranked = "" if scope.everything else "名次为全市名次。"
    yield Section(
        "责任单位完成情况",
        ["；".join(words) + f"。{ranked}"],
        Table(
            RANKING_HEAD,
            [
                (
                    str(row.rank or NONE),
                    row.unit.name,
                    yuan_or_dash(row.target),
                    yuan_or_dash(row.attributed),
                    exact_or_dash(row.completion),
                    yuan_or_dash(row.gap),
                )
                for row in rows
            ],
        ),
    )


def _rule(standing: YearStanding, scope: Scope, kind: str) -> Section | None:
    rows: list[Standing] = rows_of(standing, kind, scope)
    if not rows:
        return None
    rule, counts = standing.facts.rules[kind], Counter(row.status for row in rows)
    behind = [row for row in rows if row.status in overview.BEHIND]
    cap = kind == "union_welfare_cap"
    told = "、".join(f"{STATUS[status]}{counts[status]}个" for status in overview.ORDER if counts[status])
    words = f"共{len(rows)}个单位，其中{told}（{rule.clause}）。"
    if behind:
        short = "共超" if cap else "共差"
        words += f"{'超出限额' if cap else '尚未达标'}的单位{short}{yuan_or_dash(sum(row.gap or 0 for row in behind))}元，名单如下。"
    table = Table(
        CAP_HEAD if cap else SHARE_HEAD,
        [
            (
                str(place),
                row.unit.name,
                yuan_or_dash(row.denominator),
                yuan_or_dash(row.numerator),
                exact_or_dash(row.ratio),
                yuan_or_dash(row.gap),
            )
            for place, row in enumerate(behind, 1)
        ],
    )
    return Section(rule.title, [words], table if behind else None)


def _declared(standing: YearStanding, user: Any) -> Section | None:
    """Who must declare their bases, and who has not. As of now: what was declared when is not kept by the day."""
    deadline = deadline_of(standing.year)
    due = base_fields.due_kinds(standing.rules)
    rows: list[Unit] = list(base_list.of_year(user, standing.year, due, deadline).filter(must=True))
    if not rows:
        return None
    rows.sort(key=lambda unit: unit.code)
    by_state = {
        state: [unit.name for unit in rows if unit.state == state]  # type: ignore[attr-defined]
        for state in BaseStatus
    }
    reported = len(by_state[BaseStatus.FILED]) + len(by_state[BaseStatus.CONFIRMED])
    over = "，已经截止" if days_late(deadline) else ""
    confirmed = len(by_state[BaseStatus.CONFIRMED])
    told = f"填报截止日为{date(deadline)}{over}；已填报{reported}个，其中已确认{confirmed}个。"
    paragraphs = [f"应填报年度基数的单位{len(rows)}个，{told}"]
    for state, words in ((BaseStatus.UNFILED, "尚未填报"), (BaseStatus.RETURNED, "退回后尚未重新填报")):
        if names := by_state[state]:
            paragraphs.append(f"{words}的单位{len(names)}个：{'、'.join(names)}。")
    return Section("年度基数填报情况", paragraphs)


def _next_steps(parts: list[Section], standing: YearStanding) -> Section:
    behind = any(part.table for part in parts)
    unfiled = any(
        "尚未" in words for part in parts if part.title == "年度基数填报情况" for words in part.paragraphs
    )
    steps = []
    if behind and not standing.facts.closed:
        steps.append("尚未达标的单位要对照差额倒排进度，抓紧采购结对地区产品，并及时上传票据、登记提交。")
    elif behind:
        steps.append("未达标的单位要查明原因，提出整改措施，在下一年度及早安排采购。")
    if unfiled:
        steps.append("尚未填报年度基数的单位要尽快登录系统填报；未填报的，占比无法计算，不作达标处理。")
    steps.append("各单位要如实登记采购，妥善保存票据，确保数据真实、完整。")
    return Section("下一步工作要求", [f"（{NUMBERS[place]}）{step}" for place, step in enumerate(steps)])
