"""Records by workbook, one a kind: 活动, 渠道网点, 认领与协议, 外贸帮扶. The columns are those of the exported list.

Found by `procurement.imports.kinds`, which knows no record.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from initiatives.kinds import KINDS, Field, Kind, Sort
from initiatives.loading import NOTE, PARTS, REGION, TITLE, plan_records
from initiatives.rights import offices, recordable
from procurement.imports import cells
from procurement.imports.kinds import Kind as Workbook
from procurement.imports.kinds import Words
from procurement.imports.sheet import Column
from procurement.imports.units import name
from procurement.models import Region
from procurement.tablefile.headers import normal
from units.kinds import PLACES
from units.models import Unit
from units.scope import Scope

SLUGS = ("activity", "outlet", "pledge", "trade")
"""Tasks are made from the plan (`tasking`), not by workbook."""
STARTS, ENDS = "starts", "ends"


def one_of(choices: Iterable[str]) -> Callable[[Any], str]:
    choices = tuple(choices)

    def read(value: Any) -> str:
        text = unicodedata.normalize("NFKC", cells.plain(value))
        if text and text not in choices:
            raise ValueError(f"应为 {'、'.join(choices)} 之一")
        return text

    return read


def _reader(field: Field) -> Callable[[Any], Any]:
    if field.sort is Sort.CHOICE:
        return one_of(field.choices)
    if field.sort is Sort.DAY:
        return cells.date
    return {Sort.COUNT: cells.whole, Sort.MONEY: cells.not_negative}.get(field.sort, name(500))


def heads(kind: Kind) -> dict[str, str]:
    """Column by what it fills: a common field's name, or one of the kind's own. Without remarks in brackets."""
    common = {
        TITLE: kind.word("title", "名称"),
        STARTS: kind.word("starts", "开始日期"),
        ENDS: kind.word("ends", "结束日期"),
        REGION: "地区",
        NOTE: "说明",
    }
    return common | {each.name: normal(each.label) for each in kind.fields} | PARTS


def _columns(kind: Kind) -> tuple[Column, ...]:
    head = heads(kind)
    return (
        Column(head[TITLE], name(150), required=True, varied=True),
        Column("单位编码", cells.unit, required=True),
        Column("单位名称", name(100)),
        Column(head[STARTS], cells.date, required=True),
        Column(head[ENDS], cells.date),
        Column(head[REGION], name(50)),
        *(Column(head[each.name], _reader(each), each.required) for each in kind.fields),
        *(Column(column, name(2000)) for column in PARTS.values()),
        Column(head[NOTE], name(4000), varied=True),
    )


def _offers(kind: Kind, user: Any) -> dict[str, list[str]]:
    head = heads(kind)
    units = recordable(user).order_by("code")
    found = {
        "单位编码": [f"{unit.code} {unit.name}" for unit in units],
        head[REGION]: list(Region.objects.order_by("code").values_list("name", flat=True)),
    }
    for each in kind.fields:
        if each.sort is Sort.CHOICE:
            found[head[each.name]] = list(each.choices)
        elif each.sort is Sort.PLACE:
            towns = Unit.objects.filter(kind__in=PLACES, active=True).order_by("code")
            found[head[each.name]] = list(towns.values_list("name", flat=True))
    return found


def _words(kind: Kind) -> Words:
    head = heads(kind)
    own = {each.name: head[each.name] for each in kind.fields}
    sorts = {sort: frozenset(own[each.name] for each in kind.fields if each.sort is sort) for sort in Sort}
    hints = {
        head[TITLE]: "同一单位同一天开始的，名称不能相同；名称和开始日期都相同的按更新处理",
        "单位编码": "登记单位，从下拉中选；只能是您经办的单位及其工会",
        head[STARTS]: "如 2021-06-30",
        head[ENDS]: "如 2021-12-31，没有的空着",
        head[REGION]: "从下拉中选，不限的空着",
        head[NOTE]: "最多 4000 字",
        **dict.fromkeys(PARTS.values(), "单位编码或名称，几个用、隔开"),
        **{own[each.name]: each.hint or _hint(each) for each in kind.fields},
    }
    example = {head[TITLE]: "示例：某某", "单位编码": "S01", head[STARTS]: datetime.date(2021, 6, 1)}
    return Words(
        notes=(
            "金额不在表中：由关联的采购得出，导入后在记录页面关联。新登记的为“进行中”，导入不改变状态。",
            "从列表页面导出的表可以改好后导入；“状态”和金额列会被忽略。",
        ),
        example=example | {own[each.name]: each.choices[0] for each in kind.fields if each.choices},
        hints=hints,
        offers=partial(_offers, kind),
        strict=sorts[Sort.CHOICE] | sorts[Sort.PLACE] | {head[REGION]},
        dates=sorts[Sort.DAY] | {head[STARTS], head[ENDS]},
        amounts=sorts[Sort.MONEY],
        counts=sorts[Sort.COUNT],
    )


def _hint(field: Field) -> str:
    said = {
        Sort.CHOICE: "从下拉中选",
        Sort.PLACE: "从下拉中选",
        Sort.COUNT: "整数",
        Sort.DAY: "如 2021-06-30",
    }
    return said.get(field.sort, "元，最多两位小数" if field.sort is Sort.MONEY else "最多 500 字，可空")


def may_import(scope: Scope) -> bool:
    """Whoever records on the pages does so by workbook."""
    return scope.takes_part and bool(offices(scope))


def _workbook(kind: Kind) -> Workbook:
    plan = partial(plan_records, kind, heads(kind))
    return Workbook(kind.slug, kind.title, _columns(kind), plan, may_import, words=_words(kind))


WORKBOOKS = tuple(_workbook(KINDS[slug]) for slug in SLUGS)
