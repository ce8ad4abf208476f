"""Adding a unit, and changing one: its name, kind and links, from a day on or as a correction from the beginning.

What it bought is attributed anew in the same transaction, so sums never disagree with links.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import tallies
from procurement.models import PurchaseLine
from units import codes
from units.kinds import ANSWERING, PLACES, Kind
from units.links import current
from units.models import BEGINNING, BaseStatus, Role, Unit, UnitLink, YearBase
from units.scope import Scope
from units.years import require_open

WATCHED = ("kind", "supervisor_id", "town_id", "host_id", "affiliation")
"""What decides who answers for a unit's purchases."""
LINKS = ("supervisor", "town", "host")
OPERATOR = ("canteen_operator", "canteen_operator_uscc", "canteen_operator_since")
"""Who runs the unit's canteen under contract: its invoices may name that buyer; no figure depends on it."""
FIELDS = ("name", "uscc", "active", *OPERATOR, *WATCHED)


def state(unit: Unit) -> dict[str, Any]:
    return {field: getattr(unit, field) for field in FIELDS}


def link_problem(unit: Unit, link: str, target: Unit | None) -> str | None:
    """What is wrong with pointing `unit` at `target` as its supervisor, town or host; None when it is fine."""
    if target is None:
        return None
    if target == unit or target.code == unit.code:
        return "不能填本单位自己"
    if link == "supervisor" and target.kind not in ANSWERING:
        return "主管部门应为市级部门、镇、街道或管委会"
    if link == "town" and target.kind not in PLACES:
        return "所在镇街应为镇、街道或管委会"
    if link == "host" and unit.kind and unit.kind != Kind.UNION:
        return "只有基层工会填写所属单位"
    if link == "host" and target.kind in (Kind.UNION, Kind.INDIVIDUALS):
        return "所属单位不能是工会或个人汇总"
    return None


def _values_problem(unit: Unit) -> str | None:
    if not unit.name.strip():
        return "请填写单位名称"
    if unit.kind not in Kind.values:
        return "请选择单位类别"
    problems = (link_problem(unit, link, getattr(unit, link)) for link in LINKS)
    return next((problem for problem in problems if problem is not None), None)


def _kind_problem(unit: Unit) -> str | None:
    """A unit that others point at must stay what their links ask for."""
    for link, name, fits in (
        ("supervisor", "主管部门", unit.kind in ANSWERING),
        ("town", "所在镇街", unit.kind in PLACES),
        ("host", "所属单位", unit.kind not in (Kind.UNION, Kind.INDIVIDUALS)),
    ):
        count = 0 if fits else Unit.objects.filter(**{link: unit}).count()
        if count:
            return f"还有 {count} 个单位以它为{name}，不能改为{unit.get_kind_display()}；请先修改那些单位"
    return None


def require_kind_free(unit_ids: Iterable[int], since: datetime.date | None) -> None:
    """A kind holds for all years: Refused from a day on, and where a locked year has figures or confirmed bases.

    Figures are what they bought, answer for, or have counted as the representative of a shared canteen.
    """
    ids = list(unit_ids)
    if not ids:
        return
    bases = YearBase.objects.filter(Q(unit__in=ids) | Q(canteen_representative__in=ids))
    declared = bases.filter(status=BaseStatus.CONFIRMED).values_list("year", flat=True)
    whose = Q(purchase__unit__in=ids) | Q(subject__in=ids) | Q(responsible__in=ids)
    posted = PurchaseLine.objects.filter(whose, posted=True).dates("purchase__date", "year")
    require_open({*declared, *(day.year for day in posted)})
    if since is not None:
        raise Refused(
            "单位类别对各年一并生效，不能只从某日起：原来填错的，请选“一直如此”更正（隶属关系另行从某日起修改）；"
            "单位改制的，请新增一个单位，把原单位停用"
        )


def require_supervisor_free(unit_ids: Iterable[int], since: datetime.date | None) -> None:
    """Of an enterprise on a year's 名单 the supervisor may answer: Refused where a locked year's would be another."""
    listed = YearBase.objects.filter(unit__in=list(unit_ids), listed=True, status=BaseStatus.CONFIRMED)
    if since is not None:
        listed = listed.filter(year__gte=since.year)
    require_open(set(listed.values_list("year", flat=True)))


@transaction.atomic
def create_unit(code: str, *, by: Any, **values: Any) -> Unit:
    """A new unit (names of FIELDS, links as units); its links hold from the beginning.

    Raises Refused when the code is taken or makes no sense, or a link makes none.
    """
    if by is not None and not Scope.of(by).has(Role.SYSTEM_ADMIN):
        raise NotAllowed("新增单位由系统管理员办理")
    try:
        code = codes.unit_code(code)
    except ValueError as error:
        raise Refused(str(error)) from None
    unit = Unit(code=code, **values)
    if (problem := _values_problem(unit)) is not None:
        raise Refused(problem)
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError:
        raise Refused(f"单位编码 {code} 已被使用，请换一个，或修改已有的单位") from None
    keep_links([unit], None)
    audit.record("新增单位", by=by, subject=f"单位 {code}", stream=code, after=state(unit))
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, by: Any, since: datetime.date | None = None, **values: Any) -> int:
    """Change fields of a unit (names of FIELDS, links as units). Returns how many lines moved.

    `since` None corrects the links from the beginning; a day, not a coming one, keeps what held before it.
    Raises Refused when a link makes no sense or a locked year would change.
    """
    if by is not None and not Scope.of(by).has(Role.SYSTEM_ADMIN, Role.BUREAU):
        raise NotAllowed("您没有维护单位的权限")
    if since is not None and since > timezone.localdate():
        raise Refused("起始日不能晚于今天：单位的隶属关系是今天的，请到那一天再改")
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    before = state(unit)
    for name, value in values.items():
        setattr(unit, name, value)
    if state(unit) == before:
        return 0
    problem = _values_problem(unit) or (_kind_problem(unit) if unit.kind != before["kind"] else None)
    if problem is not None:
        raise Refused(problem)
    if unit.kind != before["kind"]:
        require_kind_free([unit.pk], since)
    if unit.supervisor_id != before["supervisor_id"]:
        require_supervisor_free([unit.pk], since)
    unit.save()
    moved = 0
    if any(before[name] != getattr(unit, name) for name in WATCHED):
        keep_links([unit], since)
        moved = reattribute([unit.pk])
    audit.record(
        "修改单位",
        by=by,
        subject=f"单位 {unit.code}",
        stream=unit.code,
        before=before,
        after=state(unit),
        since=since,
        moved_lines=moved,
    )
    return moved


def keep_links(units: list[Unit], since: datetime.date | None) -> None:
    """Write today's links into the history: as a correction of all of it, or from a day on."""
    ids = [unit.pk for unit in units]
    old = UnitLink.objects.filter(unit__in=ids)
    (old if since is None else old.filter(since__gte=since)).delete()
    UnitLink.objects.bulk_create(
        UnitLink(unit=unit, since=since or BEGINNING, **current(unit)) for unit in units
    )


def reattribute(unit_ids: list[int]) -> int:
    """Settle anew who answers for the purchases of units and of their unions. Returns the lines that moved."""
    if not unit_ids:
        return 0
    touched = Unit.objects.filter(
        Q(pk__in=unit_ids) | Q(host__in=unit_ids) | Q(link_history__host__in=unit_ids)
    )
    return tallies.rebuild(units=touched.values_list("pk", flat=True).distinct())
