"""Changing a unit as it was shown: first what would move, then, if nothing has changed meanwhile, the change."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q

from assessment import preview
from assessment.models import Policy, PolicyStatus
from assessment.policies import years_posted
from assessment.preview import Shift
from cixi_xiezuo.errors import Stale
from procurement import moves
from procurement.models import PurchaseLine
from units.models import Unit, UnitLink
from units.years import hold

CHANGED = "这个单位刚刚被他人修改过，请核对现在的内容后再改"


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a change would do. `moved_lines`: how many lines change who answers for them.

    `replaced`: the rows of the link history that it takes the place of. `token` stands for all of it.
    """

    shifts: list[Shift]
    moved_lines: int
    replaced: list[UnitLink]
    token: str


def history_of(unit: Unit) -> list[UnitLink]:
    """Which links held from when, the latest first."""
    rows = UnitLink.objects.filter(unit=unit).select_related("supervisor", "town", "host")
    return list(rows.order_by("-since"))


def stamp(unit: Unit, history: list[UnitLink]) -> str:
    """Stands for a unit's data and its link history."""
    rows = [(row.since, row.supervisor_id, row.town_id, row.host_id, row.affiliation) for row in history]
    return _digest([moves.state(unit), rows])


def _digest(content: Any) -> str:
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def weighs(unit: Unit, values: Mapping[str, Any]) -> bool:
    """Would the change touch anything that decides who answers for what the unit bought?"""
    changed = Unit(pk=unit.pk, **{name: getattr(unit, name) for name in moves.FIELDS})
    for name, value in values.items():
        setattr(changed, name, value)
    return any(getattr(changed, name) != getattr(unit, name) for name in moves.WATCHED)


def _years(unit: Unit) -> list[int]:
    """The years with figures that the unit's kind or links take part in."""
    family = Q(purchase__unit=unit) | Q(purchase__unit__host=unit)
    family |= Q(purchase__unit__link_history__host=unit)
    days = PurchaseLine.objects.filter(family, posted=True).dates("purchase__date", "year")
    policies = Policy.objects.exclude(status=PolicyStatus.DRAFT).order_by("year")
    first = policies.values_list("year", flat=True).first()
    return sorted({day.year for day in days if first is not None and day.year >= first})


def _change(
    unit: Unit, *, by: Any, since: datetime.date | None, values: Mapping[str, Any], seen: str
) -> Prospect:
    """Make the change in the caller's transaction and say what it did."""
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    history = history_of(unit)
    now = stamp(unit, history)
    if seen != now:
        raise Stale(CHANGED)
    replaced = [row for row in reversed(history) if since is None or row.since >= since]
    lines: list[int] = []
    shifts = preview.moved(
        _years(unit), lambda: lines.append(moves.change_unit(unit, by=by, since=since, **values))
    )
    unit.refresh_from_db()
    told = [asdict(shift) for shift in shifts]
    token = _digest([now, moves.state(unit), since, told, lines[0]])
    return Prospect(shifts, lines[0], replaced, token)


def prospect(
    unit: Unit, *, by: Any, since: datetime.date | None, values: Mapping[str, Any], seen: str
) -> Prospect:
    """What the change would do; nothing of it stays. Raises Stale, or Refused as `change_unit` does."""
    with transaction.atomic():
        found = _change(unit, by=by, since=since, values=values, seen=seen)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def make(
    unit: Unit, *, by: Any, since: datetime.date | None, values: Mapping[str, Any], seen: str, token: str
) -> Prospect:
    """Do what the prospect of that token showed. Raises Stale, changing nothing, when it would now do other.

    The years are held alone, so that no approval comes between the figures before and after.
    """
    hold(years_posted(), alone=True)
    found = _change(unit, by=by, since=since, values=values, seen=seen)
    if found.token != token:
        raise Stale("预览之后数据有了变化，请看清新的影响再确认")
    return found


@transaction.atomic
def rename(unit: Unit, *, by: Any, values: Mapping[str, Any], seen: str) -> None:
    """A change that `weighs` nothing (name, code of credit, in use): no preview is needed."""
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if seen != stamp(unit, history_of(unit)):
        raise Stale(CHANGED)
    moves.change_unit(unit, by=by, **values)
