"""年度基数.xlsx → declared bases, confirmed by being loaded by someone with the right to."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from procurement.imports import cells
from procurement.imports.report import Problem, Rejected, Report
from procurement.imports.sheet import Column, Row, read
from units.kinds import Canteen
from units.models import BaseStatus, Unit, YearBase
from units.years import require_open


def year(value: Any) -> int | None:
    number = cells.whole(str(cells.plain(value)).removesuffix("年"))
    if number is not None and not 2000 <= number <= 2100:
        raise ValueError("应为四位年度，如 2021")
    return number


COLUMNS = (
    Column("年度", year, required=True),
    Column("单位编码", cells.code, required=True),
    Column("人数", cells.whole),
    Column("食堂采购预算", cells.not_negative),
    Column("节日慰问品总额", cells.not_negative),
    Column("采购目标", cells.not_negative),
    Column("帮扶资金基数", cells.not_negative),
    Column("宁波名单企业", cells.yes_no),
    Column("食堂情况", cells.choice(Canteen)),
    Column("共用代表单位编码", cells.code),
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


@transaction.atomic
def load_bases(data: bytes, *, by: Any) -> Report:
    """Store and confirm the bases of a workbook. Raises Rejected with every bad row."""
    rows, problems, notices, given = read(data, COLUMNS, "年度基数")
    units = {unit.code: unit for unit in Unit.objects.all()}
    years = {row.get("年度") for row in rows if row.get("年度")}
    existing = {
        (base.year, base.unit_id): base
        for base in YearBase.objects.select_for_update().filter(year__in=years)
    }
    bases: dict[tuple[int, int], YearBase] = {}
    before: dict[tuple[int, int], dict[str, Any]] = {}
    for row in rows:
        unit = units.get(row.get("单位编码") or "")
        if row.get("单位编码") and unit is None:
            problems.append(
                Problem(row.number, "单位编码", row.get("单位编码"), "没有这个编码的单位，请先导入单位")
            )
        if unit is None or not row.get("年度"):
            continue
        key = (row.get("年度"), unit.pk)
        if key in bases:
            problems.append(
                Problem(row.number, "单位编码", unit.code, f"{key[0]} 年度重复出现，每个单位每年只填一行")
            )
            continue
        base = existing.get(key) or YearBase(unit=unit, year=key[0])
        before[key] = _state(base)
        for column, field in FIELDS.items():
            if column in given:
                setattr(base, field, row.get(column))
        base.canteen = base.canteen or ""
        problems += _representative(row, base, units, given)
        bases[key] = base
    if problems:
        raise Rejected(problems)
    return _store(bases, before, by=by, notices=notices)


def _state(base: YearBase) -> dict[str, Any]:
    names = [*FIELDS.values(), "canteen_representative_id", "status"]
    return {name: getattr(base, name) for name in names}


def _representative(row: Row, base: YearBase, units: dict[str, Unit], given: set[str]) -> list[Problem]:
    """共用 names whose canteen it is; nobody else does."""
    column, code = "共用代表单位编码", row.get("共用代表单位编码")
    if column in given:
        target = units.get(code) if code else None
        if code and target is None:
            return [Problem(row.number, column, code, "没有这个编码的单位，请核对")]
        base.canteen_representative = target
    if base.canteen == Canteen.SHARED:
        if base.canteen_representative_id is None:
            return [Problem(row.number, column, "", "食堂情况为共用，请填写共用代表单位编码")]
        if base.canteen_representative_id == base.unit_id:
            return [Problem(row.number, column, code or "", "共用代表单位不能是本单位自己")]
    elif base.canteen_representative_id is not None:
        return [Problem(row.number, column, code or "", "只有食堂情况为共用的单位填写共用代表单位")]
    return []


def _store(
    bases: dict[tuple[int, int], YearBase],
    before: dict[tuple[int, int], dict[str, Any]],
    *,
    by: Any,
    notices: list[str],
) -> Report:
    report = Report("年度基数", notices=notices)
    now, who = timezone.now(), audit.actor_name(by)
    new: list[YearBase] = []
    changed: list[YearBase] = []
    for key, base in bases.items():
        base.status = BaseStatus.CONFIRMED
        if base.pk is None:
            new.append(base)
        elif _state(base) != before[key]:
            changed.append(base)
        else:
            continue
        base.filed_by, base.filed_at = base.filed_by or who, base.filed_at or now
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
            "confirmed_by",
            "confirmed_at",
            "returned_reason",
        ],
        batch_size=50,
    )
    report.created, report.updated = len(new), len(changed)
    report.unchanged = len(bases) - len(new) - len(changed)
    if new or changed:
        audit.record(
            "导入年度基数",
            by=by,
            subject="年度基数",
            created=[f"{base.year} {base.unit.code}" for base in new],
            updated={f"{base.year} {base.unit.code}": before[base.year, base.unit_id] for base in changed},
        )
    return report
