"""试算: what if more were bought, or a base were another? Everything stands in the address; nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessment import compared, whatif, years
from assessment.counted import Places, places
from assessment.explain import Explainer
from assessment.forms.whatif import BASES, ITEMS, PURCHASES, BaseRows, PurchaseRows, filled, rows_of
from assessment.standing import YearStanding
from assessment.views.asked import asked, standing_of
from cixi_xiezuo.money import from_fen, yuan_display
from procurement.models import PurchaseLine
from procurement.terms import with_regions
from units.forms.fields import label
from units.guards import taking_part
from units.models import Unit
from units.scope import Scope

ITEMS_OF = {
    "dept_town_total": ("target",),
    "canteen_share": ("canteen_budget", "reserve"),
    "union_holiday_share": ("holiday_gifts",),
    "union_welfare_cap": ("headcount",),
    "financial_share": ("assistance_base",),
}
"""The bases that a unit's figure on a rule is measured by."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """A line that might be, and where it would count."""

    line: PurchaseLine
    places: Places


@require_safe
@login_required
def city(request: HttpRequest) -> HttpResponse:
    """For the whole city; a person who does not see all of it is led to a unit of theirs."""
    scope = taking_part(request)
    units = _visible(scope)
    if code := request.GET.get("unit", "").strip():
        found = units.get(code) or units.get(code.split(maxsplit=1)[0])
        if found is None:
            raise Http404
        return redirect(_address(found, request))
    if not scope.everything:
        mine = set().union(*scope.by_role.values())
        first = next((unit for unit in units.values() if unit.pk in mine), next(iter(units.values())))
        return redirect(_address(first, request))
    return _page(request, units, None)


@require_safe
@login_required
def unit(request: HttpRequest, code: str) -> HttpResponse:
    units = _visible(taking_part(request))
    if code not in units:
        raise Http404
    return _page(request, units, units[code])


def _visible(scope: Scope) -> dict[str, Unit]:
    """By code; 404 for those who see none."""
    units = {unit.code: unit for unit in scope.visible().order_by("code")}
    if not units:
        raise Http404
    return units


def _address(unit: Unit, request: HttpRequest) -> str:
    kept = {name: request.GET[name] for name in ("year", "as_of") if name in request.GET}
    address = reverse("whatif_unit", args=[unit.code])
    return f"{address}?{urlencode(kept)}" if kept else address


def _page(request: HttpRequest, units: dict[str, Unit], fixed: Unit | None) -> HttpResponse:
    day = asked(request, years.current(request))
    context: dict[str, Any] = {"day": day, "unit": fixed, "units": list(units.values())}
    context["options"] = [label(each) for each in units.values()]
    before = standing_of(request, day)
    if before is not None:
        context |= _supposed(request, before, units, fixed)
    return render(request, "assessment/whatif.html", context)


def _supposed(
    request: HttpRequest, before: YearStanding, units: dict[str, Unit], fixed: Unit | None
) -> dict[str, Any]:
    terms, found = with_regions(before.year, before.policy.terms)
    regions = {region.code: region for region in found}
    whose = {"units": units, "fixed": fixed}
    purchases = rows_of(PurchaseRows, PURCHASES, request.GET, **whose, regions=regions, terms=terms)
    bases = rows_of(BaseRows, BASES, request.GET, **whose, items=_items(before, fixed))
    lines = whatif.lines_of(before, [row.addition() for row in filled(purchases)])
    facts: dict[int, dict[str, int]] = {}
    for unit_id, item, value in (row.fact() for row in filled(bases)):
        facts.setdefault(unit_id, {})[item] = value
    after = whatif.with_lines(before, lines, facts, terms)
    explainer = Explainer(after, terms)
    return {
        "purchases": purchases,
        "bases": bases,
        "supposed": [Supposed(line, places(line, explainer)) for line in lines],
        "asking": bool(lines or facts),
        "wrong": [rows for rows in (purchases, bases) if rows.is_bound and not rows.is_valid()],
        "city": compared.city(before, after) if fixed is None else [],
        **_changes(before, after, units, fixed),
        "standing": before,
    }


def _items(standing: YearStanding, fixed: Unit | None) -> dict[str, str]:
    """What may be supposed of a unit, with what it is now; of any unit, every item there is."""
    if fixed is None:
        return ITEMS
    rules = {row.rule for row in standing.of_unit(fixed.pk)}
    if standing.responsible_of(fixed.pk) is not None:
        rules.add("dept_town_total")
    base = standing.facts.base(fixed.pk)._asdict()
    items = [item for rule, named in ITEMS_OF.items() if rule in rules for item in named]
    return {item: f"{ITEMS[item]}，现为 {_now(item, base[item])}" for item in items}


def _now(item: str, value: int | None) -> str:
    if value is None:
        return "未确认" if item != "reserve" else "未定"
    return str(value) if item == "headcount" else yuan_display(from_fen(value))


def _changes(
    before: YearStanding, after: YearStanding, units: dict[str, Unit], fixed: Unit | None
) -> dict[str, Any]:
    """All figures of the unit asked about, and every other that moves and that the person may see."""
    seen = {unit.pk for unit in units.values()}
    rows = [row for row in compared.units(before, after) if row.unit and row.unit.id in seen]
    own = [row for row in rows if fixed is not None and row.unit and row.unit.id == fixed.pk]
    others = [row for row in rows if row not in own]
    return {
        "changes": own + [row for row in others if row.moved],
        "overtaken": sum(row.ranked_anew for row in others),
    }
