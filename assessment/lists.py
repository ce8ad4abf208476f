"""The lists of figures and declarations that can be exported."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from assessment import base_fields, base_list
from assessment.filters_bases import BaseFilter
from assessment.rules.dept_town_total import Responsible
from assessment.standing import YearStanding, rules_of
from assessment.standing_list import LISTED, RANKED, filtered, rows_of
from assessment.words import STATUS
from cixi_xiezuo.dates import parse_date, parse_year
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.exports.listing import Column, Kind, Listing, Rows
from cixi_xiezuo.money import to_fen
from units.deadlines import deadline_of
from units.kinds import Canteen
from units.kinds import Kind as UnitKind
from units.models import BaseStatus
from units.scope import Scope

RANKING = (
    Column("名次", 8, Kind.WHOLE),
    Column("单位编码", 12),
    Column("单位名称", 28),
    Column("单位类别", 12),
    Column("完成额（元）", 18, Kind.FEN),
    Column("采购目标（元）", 18, Kind.FEN),
    Column("完成率", 10, Kind.RATIO),
    Column("差额（元）", 18, Kind.FEN),
    Column("状态", 12),
)
SHARES = (
    Column("单位编码", 12),
    Column("单位名称", 28),
    Column("单位类别", 12),
    Column("计入金额（元）", 18, Kind.FEN),
    Column("基数（元）", 18, Kind.FEN),
    Column("占比", 10, Kind.RATIO),
    Column("差额（元）", 18, Kind.FEN),
    Column("状态", 12),
)
BASES = (
    Column("年度", 8, Kind.WHOLE),
    Column("单位编码", 12),
    Column("人数", 10, Kind.WHOLE),
    Column("食堂采购预算", 18, Kind.FEN),
    Column("节日慰问品总额", 18, Kind.FEN),
    Column("采购目标", 18, Kind.FEN),
    Column("帮扶资金基数", 18, Kind.FEN),
    Column("宁波名单企业", 12),
    Column("食堂情况", 10),
    Column("共用代表单位编码", 16),
    Column("预留比例", 10, Kind.NUMBER),
    Column("单位名称", 28),
    Column("单位类别", 12),
    Column("状态", 12),
    Column("填报日期", 12, Kind.DATE),
    Column("确认日期", 12, Kind.DATE),
)
"""The import template's columns first, so that an export can be corrected and loaded."""


def _year(asked: QueryDict) -> int:
    try:
        return parse_year(asked.get("year", ""))
    except ValueError as error:
        raise Refused(f"年度：{error}") from None


def _day(asked: QueryDict) -> datetime.date:
    text = asked.get("as_of", "").strip()
    try:
        return parse_date(text) if text else timezone.localdate()
    except ValueError as error:
        raise Refused(f"截止日：{error}") from None


def _standings(user: Any, asked: QueryDict) -> Rows | None:
    scope, rule = Scope.of(user), asked.get("rule", "")
    if not scope.takes_part or rule not in LISTED:
        return None
    standing = YearStanding.read(_year(asked), _day(asked))
    if rule not in standing.facts.rules:
        raise Refused(f"{standing.year} 年度没有这项规则")
    rows = filtered(asked, rows_of(standing, rule, scope))
    return Rows(len(rows), map(_ranked if rule == RANKED else _share, rows))


def _ranked(row: Responsible) -> Sequence[Any]:
    return (
        row.rank,
        row.unit.code,
        row.unit.name,
        UnitKind(row.unit.kind).label,
        row.attributed,
        row.target,
        row.completion,
        row.gap,
        STATUS[row.status],
    )


def _share(row: Any) -> Sequence[Any]:
    return (
        row.unit.code,
        row.unit.name,
        UnitKind(row.unit.kind).label,
        row.numerator,
        row.denominator,
        row.ratio,
        row.gap,
        STATUS[row.status],
    )


def _bases(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    year = _year(asked)
    try:
        due = base_fields.due_kinds(rules_of(year))
    except Refused:
        due = []
    rows = BaseFilter(asked, queryset=base_list.of_year(user, year, due, deadline_of(year))).qs
    return Rows(rows.count(), _base_values(rows, year))


def _base_values(rows: Any, year: int) -> Iterator[Sequence[Any]]:
    units = list(rows)
    known: dict[Any, Any] = {}
    for start in range(0, len(units), 500):
        known |= base_list.declarations([unit.pk for unit in units[start : start + 500]], year)
    for unit in units:
        base = known.get((unit.pk, year))
        yield (year, unit.code, *_declared(base), unit.name, unit.get_kind_display(), *_way(base))


def _declared(base: Any) -> Sequence[Any]:
    if base is None:
        return (None,) * 9
    amounts = (base.canteen_budget, base.holiday_gifts, base.target, base.assistance_base)
    representative = base.canteen_representative
    return (
        base.headcount,
        *(None if amount is None else to_fen(amount) for amount in amounts),
        None if base.listed is None else "是" if base.listed else "否",
        Canteen(base.canteen).label if base.canteen else None,
        representative.code if representative else None,
        base.reserve_percent,
    )


def _way(base: Any) -> Sequence[Any]:
    if base is None:
        return (BaseStatus.UNFILED.label, None, None)
    days = [timezone.localdate(at) if at else None for at in (base.filed_at, base.confirmed_at)]
    return (base.get_status_display(), *days)


LISTS = (
    Listing(
        "standings",
        "单位完成情况",
        lambda asked: RANKING if asked.get("rule") == RANKED else SHARES,
        _standings,
    ),
    Listing("bases", "年度基数", lambda asked: BASES, _bases),
)
