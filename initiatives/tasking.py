"""任务分解: a year's tasks made from the plan, one a paragraph, each with the units that the plan names."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction

from assessment.models import Policy
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives.models import Part, Record
from initiatives.plan import Clause, clauses
from initiatives.records import Content, add_record
from units.kinds import Kind
from units.models import Role, Unit
from units.scope import Scope
from units.trail_words import cut

GROUPS: dict[str, tuple[Kind, ...]] = {
    "各镇（街道）": (Kind.TOWN, Kind.SUBDISTRICT),
    "各管委会": (Kind.COMMITTEE,),
    "其他市级各部门": (Kind.DEPARTMENT,),
}
"""What the plan calls units by, and their kinds."""


LONGEST = 80
"""Characters of a title."""


def may_create(user: Any) -> bool:
    return user is None or Scope.of(user).has(Role.BUREAU, Role.OVERSIGHT)


@transaction.atomic
def create_tasks(year: int, office: Unit, *, by: Any) -> list[Record]:
    """按方案建立任务: one for each paragraph of the year's plan that has none yet; again makes nothing.

    A task belongs to the first unit that leads it (else is responsible), or to `office` where the plan's units are
    not in the system; its note names those. NotAllowed for others than 市商务局 and 市对口支援办, Refused without a
    policy of the year and in a closed year. A title has at most LONGEST characters, "…" where it was cut: a task's page
    shows the whole paragraph.
    """
    if not may_create(by):
        raise NotAllowed("只有市商务局和市对口支援办可以按方案建立任务")
    if not list(Policy.objects.select_for_update().filter(year=year)):
        raise Refused(f"{year} 年度还没有政策，请先建立该年度的政策")
    there = set(Record.objects.filter(kind="task", year=year).values_list("data__clause", flat=True))
    units = list(Unit.objects.filter(active=True).order_by("code"))
    return [
        _create(year, clause, office, units, by) for clause in clauses(year) if clause.number not in there
    ]


def _create(year: int, clause: Clause, office: Unit, units: list[Unit], by: Any) -> Record:
    parts, missing = parts_of(clause, units)
    leading = [unit for part in (Part.LEAD, Part.RESPONSIBLE) for unit in parts if parts[unit] == part.value]
    note = f"系统中没有、请另行告知的单位：{'、'.join(missing)}" if missing else ""
    content = Content(
        title=cut(f"{clause.number}：{clause.sentences[0].text}", LONGEST),
        starts=datetime.date(year, 1, 1),
        ends=datetime.date(year, 12, 31),
        note=note,
        data={"clause": clause.number},
        parts=parts,
    )
    return add_record("task", leading[0] if leading else office, content, by=by)


def parts_of(clause: Clause, units: list[Unit]) -> tuple[dict[Unit, str], list[str]]:
    """Part by unit, and the names that are no unit. Who is named has its own part; a group is all others of its kinds."""
    by_name = {unit.name: unit for unit in units}
    found: dict[Unit, str] = {}
    missing: list[str] = []
    for part, names in clause.parts.items():
        for name in names:
            if name in by_name:
                found.setdefault(by_name[name], part)
            elif name not in GROUPS:
                missing.append(name)
    for part, names in clause.parts.items():
        for kind in (kind for name in names for kind in GROUPS.get(name, ())):
            for unit in units:
                if unit.kind == kind:
                    found.setdefault(unit, part)
    return found, missing
