"""单位完成情况: every unit in the person's scope on one rule, with its status and gap."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assessment import overview, years
from assessment.rules import UNIT_RULES
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import Standing, Status
from assessment.views.asked import asked, standing_of
from cixi_xiezuo.pages import page_of
from units.guards import taking_part
from units.kinds import Kind
from units.scope import Scope

PER_PAGE = 100
RANKED = "dept_town_total"
LISTED = (RANKED, *UNIT_RULES)


@require_safe
@login_required
def standings_index(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    query = request.GET.urlencode()
    return redirect(f"/standings/{RANKED}/" + (f"?{query}" if query else ""))


@require_safe
@login_required
def standings(request: HttpRequest, rule: str) -> HttpResponse:
    scope = taking_part(request)
    if rule not in LISTED:
        raise Http404
    day = asked(request, years.current(request))
    standing = standing_of(request, day)
    if standing is None or rule not in standing.facts.rules:
        return render(request, "assessment/standings.html", {"day": day, "rule_kind": rule, "tabs": []})
    seen = None if scope.everything else set(scope.visible().values_list("pk", flat=True))
    if rule == RANKED:
        every: list[Any] = [row for row in standing.ranking if seen is None or row.unit.id in seen]
    else:
        every = [row for row in standing.units if row.rule == rule and (seen is None or row.unit.id in seen)]
        every.sort(key=overview.urgency)
    rows = _filtered(request, every)
    page = page_of(request, rows, PER_PAGE)
    return render(
        request,
        "assessment/standings.html",
        {
            "day": day,
            "standing": standing,
            "rule_kind": rule,
            "rule": standing.facts.rules[rule],
            "ranked": rule == RANKED,
            "tabs": [standing.facts.rules[kind] for kind in LISTED if kind in standing.facts.rules],
            "page": page,
            "remindable": _remindable(scope, list(page)),
            "statuses": _statuses(every),
            "kinds": [
                (kind.value, kind.label) for kind in Kind if any(row.unit.kind == kind for row in every)
            ],
            "chosen": {name: request.GET.get(name, "") for name in ("status", "kind", "unit")},
            "sums": _sums(rows),
            "everywhere": scope.everything,
        },
    )


def _remindable(scope: Scope, rows: list[Any]) -> set[int]:
    """Ids of the units behind that the person may remind."""
    behind = [row.unit.id for row in rows if row.status in overview.BEHIND]
    if not behind or not scope.reviewing:
        return set()
    return set(scope.remindable().filter(pk__in=behind).values_list("pk", flat=True))


def _filtered(request: HttpRequest, rows: list[Any]) -> list[Any]:
    status, kind = request.GET.get("status", ""), request.GET.get("kind", "")
    text = request.GET.get("unit", "").strip().lower()
    return [
        row
        for row in rows
        if (not status or row.status == status)
        and (not kind or row.unit.kind == kind)
        and (not text or text == row.unit.code.lower() or text in row.unit.name.lower())
    ]


def _statuses(rows: list[Any]) -> list[tuple[Status, int]]:
    counts = [(status, sum(row.status == status for row in rows)) for status in Status]
    return [(status, count) for status, count in counts if count]


def _sums(rows: list[Standing] | list[Responsible]) -> dict[str, int]:
    """分 over the rows shown: what was bought, and what is still to go."""
    amounts = [row.attributed if isinstance(row, Responsible) else row.numerator for row in rows]
    behind = [row for row in rows if row.status in overview.BEHIND]
    return {"amount": sum(amounts), "gap": sum(row.gap or 0 for row in behind), "behind": len(behind)}
