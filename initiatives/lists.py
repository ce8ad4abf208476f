"""The list of records of a kind, as it can be exported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict

from cixi_xiezuo.dates import parse_year
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.exports.listing import Column, Listing, Rows
from cixi_xiezuo.exports.listing import Kind as Values
from initiatives.amounts import Came, came
from initiatives.filters import found
from initiatives.funds import lists as funds
from initiatives.inspection import lists as inspection
from initiatives.kinds import KINDS, Kind, Sort
from initiatives.lasting import data_in
from initiatives.market import lists as market
from initiatives.models import Milestone, Part, Record
from initiatives.publicity import lists as publicity
from initiatives.scoring import lists as scoring
from initiatives.year_lists import LISTS as OF_YEARS
from units.scope import Scope

_VALUES = {Sort.COUNT: Values.WHOLE, Sort.MONEY: Values.FEN}


_BROKEN_DOWN = (Column("上级任务", 30), Column("里程碑", 40), Column("季度进展", 60))


def _kind(asked: QueryDict) -> Kind:
    kind = KINDS.get(asked.get("kind", ""))
    if kind is None:
        raise Refused("没有这一类工作，请从列表页面导出")
    return kind


def _columns(asked: QueryDict) -> Sequence[Column]:
    kind = _kind(asked)
    return (
        Column(kind.word("title", "名称"), 30),
        Column("单位编码", 12),
        Column("单位名称", 26),
        Column(kind.word("starts", "开始日期"), 12, Values.DATE),
        Column(kind.word("ends", "结束日期"), 12, Values.DATE),
        Column("地区", 14),
        *(Column(each.label, 16, _VALUES.get(each.sort, Values.TEXT)) for each in kind.fields),
        *(Column(f"{part.label}单位", 26) for part in Part),
        *(_BROKEN_DOWN if kind.broken_down else ()),
        Column("本年金额（元）" if kind.lasting else "金额（元）", 16, Values.FEN),
        Column("状态", 10),
        Column("说明", 40),
    )


def _rows(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    try:
        year = parse_year(asked.get("year", ""))
    except ValueError as error:
        raise Refused(f"年度：{error}") from None
    kind = _kind(asked)
    rows = found(user, kind, year, asked).qs
    return Rows(rows.count(), _values(rows, kind, year))


def _values(rows: Any, kind: Kind, year: int) -> Iterator[Sequence[Any]]:
    related = ("milestones", "reports") if kind.broken_down else ()
    found = rows.select_related("unit", "region", "parent").prefetch_related("parts__unit", *related)
    records = list(found)
    sums = came({record.pk: record.kind for record in records}, year)
    for record in records:
        data = data_in(record, year)
        parts = list(record.parts.all())
        yield (
            record.title,
            record.unit.code,
            record.unit.name,
            record.starts,
            record.ends,
            record.region.name if record.region else None,
            *(data.get(each.name) for each in kind.fields),
            *("、".join(row.unit.name for row in parts if row.part == part.value) for part in Part),
            *(_broken_down(record) if kind.broken_down else ()),
            sums.get(record.pk, Came()).amount,
            kind.state(record.state).label,
            record.note,
        )


def _broken_down(record: Record) -> tuple[str | None, str, str]:
    steps = (f"{each.name}：期限 {each.due}，{_reached(each)}" for each in record.milestones.all())
    told = (f"{each}（{each.get_state_display()}）：{each.text}" for each in record.reports.all())
    return record.parent.title if record.parent else None, "\n".join(steps), "\n".join(told)


def _reached(milestone: Milestone) -> str:
    return f"完成 {milestone.done_on}" if milestone.done_on else "未完成"


LISTS = (
    Listing("initiatives", "工作记录", _columns, _rows),
    *market.LISTS,
    *inspection.LISTS,
    *funds.LISTS,
    *scoring.LISTS,
    *publicity.LISTS,
    *OF_YEARS,
)
