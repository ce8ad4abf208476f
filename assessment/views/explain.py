"""Any figure line by line: what it counts, what it leaves out and why. Σ counted = the figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessment.explain import Explainer, Explanation, Part, Reason
from assessment.models import RuleKind
from assessment.views.asked import asked, other_year, standing_of
from assessment.words import REASON
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of
from procurement.choices import Use
from units.models import Unit
from units.scope import Scope

PER_PAGE = 100
CITY = (RuleKind.CITY_TOTAL, RuleKind.DEPT_TOWN_TOTAL)
COUNTED, ALL = "counted", "all"
PARTS: dict[str, tuple[str, Callable[[Part, Explainer], bool]]] = {
    "direct": ("直接采购", lambda part, _: part.line.use != Use.COMMERCE),
    "commerce": ("商务帮扶", lambda part, _: part.line.use == Use.COMMERCE),
    "east_west": ("东西部协作", lambda part, by: by.terms.east_west(part.line.region_id)),
    "mountain_sea": (
        "山海协作",
        lambda part, by: by.terms.paired(part.line.region_id) and not by.terms.east_west(part.line.region_id),
    ),
}
"""The parts of the city's total: name, and whether a counted line belongs to it."""


@require_safe
@login_required
def explain(request: HttpRequest, year: int, rule: str) -> HttpResponse:
    if rule not in RuleKind.values:
        raise Http404
    day = asked(request, year)
    if (elsewhere := other_year(request, year)) is not None:
        return elsewhere
    scope = Scope.of(request.user)
    unit, seen = _scope(request, scope)
    if unit is None and not (scope.everything and rule in CITY):
        raise Http404
    standing = standing_of(request, day)
    if standing is None or rule not in standing.facts.rules:
        return render(request, "assessment/explain.html", {"day": day, "unit": unit})
    explainer = Explainer(standing)
    try:
        found = _explanation(explainer, rule, unit)
    except Refused as refused:
        raise Http404 from refused
    context = {
        "day": day,
        "unit": unit,
        "rule": standing.facts.rules[rule],
        **_shown(request, explainer, found, seen),
    }
    return render(request, "assessment/explain.html", context)


def _scope(request: HttpRequest, scope: Scope) -> tuple[Unit | None, set[int] | None]:
    """The unit asked for (404 unless it may be seen), and the ids of all that may be; None for every one."""
    code = request.GET.get("unit", "")
    if scope.everything:
        return (get_object_or_404(Unit, code=code) if code else None), None
    visible = {unit.code: unit for unit in scope.visible()}
    if code not in visible:
        raise Http404
    return visible[code], {unit.pk for unit in visible.values()}


def _explanation(explainer: Explainer, rule: str, unit: Unit | None) -> Explanation:
    if unit is None:
        return explainer.city(rule)
    if rule == RuleKind.DEPT_TOWN_TOTAL:
        return explainer.responsible(unit)
    return explainer.unit(rule, unit)


def _shown(
    request: HttpRequest, explainer: Explainer, found: Explanation, seen: set[int] | None
) -> dict[str, Any]:
    """The chosen lines of an explanation. Lines of units the person may not see are summed up, not listed."""
    open_counted, hidden_counted = _split(found.counted, seen)
    open_excluded, hidden_excluded = _split(found.excluded, seen)
    chosen = request.GET.get("show", COUNTED)
    rows = _chosen(chosen, open_counted, open_excluded)
    part, region = request.GET.get("part", ""), request.GET.get("region", "")
    if part in PARTS:
        belongs = PARTS[part][1]
        rows = [row for row in rows if belongs(row, explainer)]
    if region:
        rows = [row for row in rows if row.line.region is not None and row.line.region.code == region]
    reasons = Counter(part.reason for part in found.excluded)
    sums: Counter[Reason | None] = Counter()
    for each in found.excluded:
        sums[each.reason] += each.amount
    return {
        "figure": found.figure,
        "counted": (len(found.counted), found.sum_counted),
        "excluded": (len(found.excluded), sum(sums.values())),
        "agrees": found.sum_counted == found.figure,
        "reasons": [
            (reason.value, REASON[reason], reasons[reason], sums[reason])
            for reason in Reason
            if reasons[reason]
        ],
        "chosen": chosen,
        "part": PARTS[part][0] if part in PARTS else "",
        "region": rows[0].line.region if region and rows else region,
        "page": page_of(request, rows, PER_PAGE),
        "shown_sum": sum(row.amount for row in rows),
        "hidden": (len(hidden_counted), sum(row.amount for row in hidden_counted)),
        "hidden_excluded": len(hidden_excluded),
    }


def _split(parts: list[Part], seen: set[int] | None) -> tuple[list[Part], list[Part]]:
    if seen is None:
        return parts, []
    mine = [part for part in parts if part.line.purchase.unit_id in seen]
    return mine, [part for part in parts if part.line.purchase.unit_id not in seen]


def _chosen(chosen: str, counted: list[Part], excluded: list[Part]) -> list[Part]:
    if chosen == COUNTED:
        return counted
    if chosen == ALL:
        both = [*counted, *excluded]
        return sorted(
            both, key=lambda part: (part.line.purchase.number, part.line.position, part.reason is not None)
        )
    return [part for part in excluded if part.reason == chosen]
