"""Changing a unit: its name, kind and links, from a day on or as a correction from the beginning.

What it bought is attributed anew in the same transaction, so sums never disagree with links.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import tallies
from units.kinds import ANSWERING, PLACES, Kind
from units.links import current
from units.models import BEGINNING, Role, Unit, UnitLink
from units.scope import Scope

WATCHED = ("kind", "supervisor_id", "town_id", "host_id", "affiliation")
"""What decides who answers for a unit's purchases."""
FIELDS = ("name", "uscc", "active", *WATCHED)


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


@transaction.atomic
def change_unit(unit: Unit, *, by: Any, since: datetime.date | None = None, **values: Any) -> int:
    """Change fields of a unit (names of FIELDS, links as units). Returns how many lines moved.

    `since` None corrects the links from the beginning; a day keeps what held before it.
    Raises Refused when a link makes no sense or a locked year would change.
    """
    if by is not None and not Scope.of(by).has(Role.SYSTEM_ADMIN, Role.BUREAU):
        raise NotAllowed("您没有维护单位的权限")
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    before = state(unit)
    for name, value in values.items():
        setattr(unit, name, value)
    for link in ("supervisor", "town", "host"):
        if (problem := link_problem(unit, link, getattr(unit, link))) is not None:
            raise Refused(problem)
    if state(unit) == before:
        return 0
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
