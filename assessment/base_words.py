"""年度基数 in words: values, what is doubtful about them, and what happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.base_fields import BUDGETED, BaseField, lacking
from cixi_xiezuo.money import yuan_display
from cixi_xiezuo.templatetags.amounts import plain
from units.bases import VALUES
from units.kinds import Canteen
from units.models import BaseStatus, Unit, YearBase
from units.trail import Happened, recorded, told

LABELS = {
    "canteen": "食堂情况",
    "canteen_representative": "共用代表单位",
    "canteen_budget": "食堂采购预算",
    "reserve_percent": "预留比例",
    "holiday_gifts": "节日慰问品总额",
    "headcount": "人数",
    "assistance_base": "帮扶资金基数",
    "target": "采购目标",
    "listed": "宁波名单企业",
}
MONEY = frozenset({"canteen_budget", "holiday_gifts", "assistance_base", "target"})
SIZES = MONEY | {"headcount"}
NONE = "—"


@dataclass(frozen=True, slots=True)
class Shown:
    """One value of a declaration, and the year before's."""

    field: BaseField
    label: str
    now: str
    last: str


def word(name: str, value: Any) -> str:
    """A value as people read it; "—" where there is none."""
    if value is None or value == "":
        return NONE
    if name in MONEY:
        return f"{yuan_display(Decimal(value))} 元"
    if name == "headcount":
        return f"{value} 人"
    if name == "reserve_percent":
        return f"{plain(Decimal(value))}%"
    if name == "listed":
        return "是" if value else "否"
    if name == "canteen":
        return str(Canteen(value).label)
    return str(value)


def shown(fields: Iterable[BaseField], base: YearBase, last: YearBase | None) -> list[Shown]:
    """All but what need not be declared and was not in either year."""
    rows = [
        Shown(
            field,
            LABELS[field.name],
            word(field.name, getattr(base, field.name)),
            word(field.name, getattr(last, field.name)) if last else NONE,
        )
        for field in fields
    ]
    return [row for row in rows if row.field.needed or row.now != NONE or row.last != NONE]


def summary(fields: Iterable[BaseField], base: YearBase) -> str:
    """All that is declared in one line."""
    parts = [(field.name, word(field.name, getattr(base, field.name))) for field in fields]
    return "，".join(f"{LABELS[name]} {text}" for name, text in parts if text != NONE)


def doubts(
    fields: list[BaseField], base: YearBase, last: YearBase | None, shared: YearBase | None = None
) -> list[str]:
    """What a reviewer should look at before confirming. `shared`: the representative's own declaration."""
    names = {field.name for field in fields}
    return [text for name, text in _doubts(fields, base, last, shared) if name in names]


def _doubts(
    fields: list[BaseField], base: YearBase, last: YearBase | None, shared: YearBase | None
) -> Iterator[tuple[str, str]]:
    for name in lacking(fields, {name: getattr(base, name) for name in LABELS}):
        yield name, f"{LABELS[name]}没有填写，相关指标会显示“缺基数”"
    for name in sorted(SIZES, key=list(LABELS).index):
        value, before = getattr(base, name), getattr(last, name) if last else None
        if value == 0:
            yield name, f"{LABELS[name]}填为 0，相关指标今年不考核"
        elif value is not None and before and 2 * value < before:
            yield name, f"{LABELS[name]}不到上年（{word(name, before)}）的一半"
        elif value is not None and before and value > 2 * before:
            yield name, f"{LABELS[name]}超过上年（{word(name, before)}）的两倍"
    if base.canteen == Canteen.NONE and last and last.canteen and last.canteen != Canteen.NONE:
        yield "canteen", f"上年食堂为{word('canteen', last.canteen)}，今年填无食堂，这一项今年不考核"
    if base.canteen == Canteen.SHARED and (shared is None or shared.canteen not in BUDGETED):
        yield "canteen", f"共用代表单位{base.canteen_representative}没有填报自己的食堂预算"
    if base.reserve_percent is not None:
        percent = word("reserve_percent", base.reserve_percent)
        yield "reserve_percent", f"预留比例 {percent}，请核对财政部门的批复"
    if base.listed:
        yield "listed", "填为宁波名单企业，采购不计入所在镇街，请核对名单"


def events_of(base: YearBase, names: Mapping[int, str]) -> list[Happened]:
    """What happened to the declaration, the latest first. `names`: of units that may have been named in it."""
    rows = recorded(base.unit.code, [f"{base.year} 年度基数 {base.unit.code}"])
    named = {
        detail[part]["canteen_representative_id"]
        for detail in (row.detail for row in rows)
        for part in ("before", "after", "values")
        if (detail.get(part) or {}).get("canteen_representative_id")
    }
    known = dict(names)
    if unknown := named - known.keys():
        known |= dict(Unit.objects.filter(pk__in=unknown).values_list("pk", "name"))
    return told(rows, lambda detail: _notes(detail, known))


def _notes(detail: dict[str, Any], names: Mapping[int, str]) -> Iterator[str]:
    if detail.get("reason"):
        yield f"原因：{detail['reason']}"
    if detail.get("was") == BaseStatus.CONFIRMED:
        yield "原已确认，改动后须重新确认"
    before, after = detail.get("before") or {}, detail.get("after") or {}
    for stored in VALUES:
        old, new = before.get(stored), after.get(stored)
        if old == new:
            continue
        name = stored.removesuffix("_id")
        if name == "canteen_representative":
            old, new = names.get(old or 0), names.get(new or 0)
        yield f"{LABELS[name]}：{word(name, old)} → {word(name, new)}"
