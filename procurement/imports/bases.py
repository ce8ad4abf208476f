"""年度基数.xlsx → declared bases, confirmed by being loaded by someone with the right to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed
from procurement.imports import cells
from procurement.imports.alone import alone, locking
from procurement.imports.lookup import Units
from procurement.imports.plan import Plan, shown
from procurement.imports.report import Problem, Report
from procurement.imports.sheet import Column, Read, Row, Tell, read
from procurement.imports.years import Years
from units.kinds import Canteen
from units.models import BaseStatus, YearBase
from units.scope import REVIEWING, Scope
from units.years import require_open


def year(value: Any) -> int | None:
    number = cells.whole(str(cells.plain(value)).removesuffix("年"))
    if number is not None and not 2000 <= number <= 2100:
        raise ValueError("应为四位年度，如 2021")
    return number


COLUMNS = (
    Column("年度", year, required=True),
    Column("单位编码", cells.unit, required=True, varied=True),
    Column("人数", cells.whole),
    Column("食堂采购预算", cells.not_negative),
    Column("节日慰问品总额", cells.not_negative),
    Column("采购目标", cells.not_negative),
    Column("帮扶资金基数", cells.not_negative),
    Column("宁波名单企业", cells.yes_no),
    Column("食堂情况", cells.choice(Canteen)),
    Column("共用代表单位编码", cells.unit),
    Column("预留比例", cells.percent),
)
FIELDS = {
    "人数": "headcount",
    "食堂采购预算": "canteen_budget",
    "节日慰问品总额": "holiday_gifts",
    "采购目标": "target",
    "帮扶资金基数": "assistance_base",
    "宁波名单企业": "listed",
    "食堂情况": "canteen",
    "预留比例": "reserve_percent",
}
REPRESENTATIVE = "共用代表单位编码"
Key = tuple[int, int]


def load_bases(data: bytes, *, by: Any) -> Report:
    """Store and confirm the bases of a workbook. Raises Rejected with every bad row; NotAllowed without the right.

    Confirming is a review: nobody loads their own unit's.
    """
    sheet = read(data, COLUMNS, "年度基数")
    with alone():
        return plan_bases(sheet, by=by).carry_out()


def plan_bases(sheet: Read, *, by: Any) -> Plan:
    if by is not None and not Scope.of(by).has(*REVIEWING):
        raise NotAllowed("您没有导入年度基数的权限；本单位的基数请在页面上填报")
    rows, problems, notices, given = sheet
    plan = Plan("年度基数", notices=list(notices), problems=list(problems))
    units = Units()
    existing = {
        (base.year, base.unit_id): base
        for base in locking(
            YearBase.objects.filter(year__in={row.get("年度") for row in rows if row.get("年度")})
        )
    }
    bases: dict[Key, YearBase] = {}
    before: dict[Key, dict[str, str]] = {}
    places: dict[Key, int] = {}
    by_id = {unit.pk: unit for unit in units.by_code.values()}
    for row in rows:
        unit, missing = units.find(row.number, "单位编码", row.get("单位编码"))
        plan.problems += missing
        if unit is None or not row.get("年度"):
            continue
        key = (row.get("年度"), unit.pk)
        if key in bases:
            plan.problems.append(
                Problem(row.number, "单位编码", unit.code, f"{key[0]} 年度重复出现，每个单位每年只填一行")
            )
            continue
        base = existing.get(key) or YearBase(year=key[0])
        base.unit = unit
        base.canteen_representative = by_id.get(base.canteen_representative_id or 0)
        before[key], places[key] = said(base), row.number
        for column, field in FIELDS.items():
            if column in given:
                setattr(base, field, row.get(column))
        base.canteen = base.canteen or ""
        plan.problems += _representative(row, base, units, given)
        bases[key] = base
    _compare(plan, bases, before, places)
    plan.forbidden += _rights(bases, places, by)
    plan.store = partial(_store, bases, before, by=by)
    return plan


def said(base: YearBase) -> dict[str, str]:
    """A declaration in the words of the workbook, by column, and its state."""
    words = {column: shown(getattr(base, field)) for column, field in FIELDS.items()}
    words["食堂情况"] = Canteen(base.canteen).label if base.canteen else ""
    representative = base.canteen_representative
    words[REPRESENTATIVE] = representative.code if representative else ""
    words["状态"] = BaseStatus(base.status).label
    return words


def _after(base: YearBase) -> dict[str, str]:
    return said(base) | {"状态": BaseStatus.CONFIRMED.label}


def _compare(
    plan: Plan, bases: dict[Key, YearBase], before: dict[Key, dict[str, str]], places: dict[Key, int]
) -> None:
    years = Years()
    for key, base in bases.items():
        name, after, row = f"{base.year} {base.unit.code} {base.unit.name}", _after(base), places[key]
        if base.pk is not None and after == before[key]:
            plan.add_same(name)
            continue
        plan.problems += years.problems(row, "年度", base.year)
        if base.pk is None:
            plan.add_new(row, name, partial(words, after))
        else:
            fields = ((column, before[key][column], after[column]) for column in after)
            plan.add_changed(row, name, tuple(each for each in fields if each[1] != each[2]))
    for column in ("食堂采购预算", "节日慰问品总额", "采购目标", "帮扶资金基数"):
        amounts = [getattr(base, FIELDS[column]) for base in bases.values()]
        given = [amount for amount in amounts if amount is not None]
        if given:
            plan.totals.append((column, sum(given)))


def words(said: dict[str, str]) -> str:
    return "，".join(f"{column} {value}" for column, value in said.items() if value and column != "状态")


def _rights(bases: dict[Key, YearBase], places: dict[Key, int], by: Any) -> list[Problem]:
    if by is None:
        return []
    allowed = set(Scope.of(by).reviewable().values_list("pk", flat=True))
    return [
        Problem(
            places[key],
            "单位编码",
            base.unit.code,
            "您没有确认该单位基数的权限，本人或本单位填报的须由他人确认；请删去这一行",
        )
        for key, base in bases.items()
        if base.unit_id not in allowed or base.filed_by == audit.actor_name(by) != base.confirmed_by
    ]


def _representative(row: Row, base: YearBase, units: Units, given: set[str]) -> list[Problem]:
    """共用 names whose canteen it is; nobody else does."""
    column, code = REPRESENTATIVE, row.get(REPRESENTATIVE)
    if column in given:
        target, missing = units.find(row.number, column, code, "请核对")
        if missing:
            return missing
        base.canteen_representative = target
    representative = base.canteen_representative
    if base.canteen == Canteen.SHARED:
        if representative is None:
            return [Problem(row.number, column, "", "食堂情况为共用，请填写共用代表单位编码")]
        if representative.pk == base.unit_id:
            return [Problem(row.number, column, code or "", "共用代表单位不能是本单位自己")]
    elif representative is not None:
        return [Problem(row.number, column, code or "", "只有食堂情况为共用的单位填写共用代表单位")]
    return []


def _store(
    bases: dict[Key, YearBase],
    before: dict[Key, dict[str, str]],
    *,
    by: Any,
    source: Mapping[str, Any],
    tell: Tell,
) -> None:
    tell("写入", 0, len(bases))
    now, who = timezone.now(), audit.actor_name(by)
    new = [base for base in bases.values() if base.pk is None]
    changed = [base for key, base in bases.items() if base.pk is not None and _after(base) != before[key]]
    for base in new + changed:
        base.status = BaseStatus.CONFIRMED
        base.filed_by, base.filed_at = base.filed_by or who, base.filed_at or now
        base.first_filed_at = base.first_filed_at or base.filed_at
        base.confirmed_by, base.confirmed_at, base.returned_reason = who, now, ""
    require_open({base.year for base in new + changed})
    YearBase.objects.bulk_create(new, batch_size=100)
    YearBase.objects.bulk_update(
        changed,
        [
            *FIELDS.values(),
            "canteen_representative",
            "status",
            "filed_by",
            "filed_at",
            "first_filed_at",
            "confirmed_by",
            "confirmed_at",
            "returned_reason",
        ],
        batch_size=50,
    )
    if new or changed:
        audit.record(
            "导入年度基数",
            by=by,
            subject="年度基数",
            created=[f"{base.year} {base.unit.code}" for base in new],
            updated={f"{base.year} {base.unit.code}": before[base.year, base.unit_id] for base in changed},
            **source,
        )
