"""单位完成情况: every unit in the person's scope on one rule, with its status and gap."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assessment import organisers, overview, years
from assessment.notice.content import ISSUERS
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import Standing, Status
from assessment.standing_list import LISTED, RANKED, amount_of, earlier, filtered, rows_of
from assessment.views.asked import asked, standing_of
from cixi_xiezuo.display import in_wan
from cixi_xiezuo.pages import page_of
from units.guards import taking_part
from units.kinds import PLACES, Kind
from units.models import Role, Unit
from units.scope import Scope

PER_PAGE = 100
FILTERS = ("status", "kind", "unit", "town", "below")
TREND = 30
"""Days over which what was added is shown."""


@require_safe
@login_required
def standings_index(request: HttpRequest) -> HttpResponse:
    """The list of the rule that the person's unit leads or organises; the ranking for everybody else."""
    scope = taking_part(request)
    query = request.GET.urlencode()
    return redirect(f"/standings/{_first(request, scope)}/" + (f"?{query}" if query else ""))


def _first(request: HttpRequest, scope: Scope) -> str:
    if scope.everything or not scope.has(Role.LEAD):
        return RANKED
    leads = Unit.objects.filter(memberships__user=scope.user, memberships__role=Role.LEAD)
    led = organisers.led_by(leads.values_list("name", flat=True), years.current(request))
    return next((rule for rule in LISTED if rule in led), RANKED)


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
    every = rows_of(standing, rule, scope)
    rows = filtered(request.GET, every)
    before = earlier(standing, rule, TREND)
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
            "places": [unit for unit in standing.facts.units.values() if unit.kind in PLACES],
            "chosen": {name: request.GET.get(name, "") for name in FILTERS},
            "sums": _sums(rows),
            "grown": {row.unit.id: amount_of(row) - before.get(row.unit.id, 0) for row in page},
            "grown_sum": sum(amount_of(row) - before.get(row.unit.id, 0) for row in rows),
            "trend_days": TREND,
            "unfiled": sum(row.status == Status.MISSING_BASE for row in every),
            "in_wan": in_wan(request, default=False),
            "everywhere": scope.everything,
            "may_issue": scope.has(*ISSUERS),
            "export_query": f"{request.GET.urlencode()}&year={day.year}&rule={rule}",
        },
    )


def _remindable(scope: Scope, rows: list[Any]) -> set[int]:
    """Ids of the units behind that the person may remind."""
    behind = [row.unit.id for row in rows if row.status in overview.BEHIND]
    if not behind or not scope.reviewing:
        return set()
    return set(scope.remindable().filter(pk__in=behind).values_list("pk", flat=True))


def _statuses(rows: list[Any]) -> list[tuple[Status, int]]:
    counts = [(status, sum(row.status == status for row in rows)) for status in Status]
    return [(status, count) for status, count in counts if count]


def _sums(rows: list[Standing] | list[Responsible]) -> dict[str, int]:
    """分 over the rows shown: what was bought, and what is still to go."""
    amounts = [amount_of(row) for row in rows]
    behind = [row for row in rows if row.status in overview.BEHIND]
    return {"amount": sum(amounts), "gap": sum(row.gap or 0 for row in behind), "behind": len(behind)}
