"""Cixi's units and the invented ones, with their links and what they declared for the year."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from assessment.demo.data import YEAR, Declared, UnitRow, World
from cixi_xiezuo.audit import actor_name
from cixi_xiezuo.money import parse_yuan
from units.links import current
from units.models import BaseStatus, Unit, UnitLink, YearBase

MONEY = ("canteen_budget", "holiday_gifts", "target", "assistance_base")
PLAIN = ("headcount", "canteen", "listed", "returned_reason")
FILED, CONFIRMED = datetime.date(YEAR, 1, 20), datetime.date(YEAR, 2, 5)


def create_units(world: World) -> dict[str, Unit]:
    """By code. Links are set once all units are there."""
    rows = world.units
    Unit.objects.bulk_create(_unit(row) for row in rows.values())
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=rows)}
    for code, unit in units.items():
        row = rows[code]
        unit.supervisor, unit.town = units.get(row.supervisor), units.get(row.town)
        unit.host = units.get(row.host)
    Unit.objects.bulk_update(units.values(), ["supervisor", "town", "host"], batch_size=100)
    UnitLink.objects.bulk_create(UnitLink(unit=unit, **current(unit)) for unit in units.values())
    return units


def _unit(row: UnitRow) -> Unit:
    return Unit(
        code=row.code,
        name=row.name,
        kind=row.kind,
        uscc=row.uscc,
        affiliation=row.affiliation,
        duties="\n".join(row.duties),
    )


def create_bases(world: World, units: dict[str, Unit]) -> None:
    """Most are confirmed; some are filed, returned or never filed."""
    YearBase.objects.bulk_create(_base(each, units) for each in world.declared.values() if each.base)


def _base(declared: Declared, units: dict[str, Unit]) -> YearBase:
    given = declared.base
    status = BaseStatus(given.get("status", BaseStatus.CONFIRMED))
    values: dict[str, Any] = {name: given[name] for name in PLAIN if name in given}
    values |= {name: parse_yuan(given[name]) for name in MONEY if name in given}
    if "reserve_percent" in given:
        values["reserve_percent"] = parse_yuan(given["reserve_percent"])
    if "canteen_representative" in given:
        values["canteen_representative"] = units[given["canteen_representative"]]
    if status != BaseStatus.UNFILED:
        values |= {"filed_by": actor_name(None), "filed_at": noon(FILED)}
    if status == BaseStatus.CONFIRMED:
        values |= {"confirmed_by": actor_name(None), "confirmed_at": noon(CONFIRMED)}
    return YearBase(unit=units[declared.unit], year=YEAR, status=status, **values)


def noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
