"""全市看板: the two totals against time, who is ahead and behind, and what keeps the figures from being right."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessment import charts, overview, years
from assessment.pace import pace
from assessment.rules.city_total import Total
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import Status
from assessment.standing import YearStanding
from assessment.views.asked import Asked, asked, require_city, standing_of
from procurement.models import Pairing
from procurement.month_sums import month_sums
from procurement.region_sums import region_sums_as_of
from procurement.waiting import waiting
from units.kinds import PLACES

TOP = 10
"""Units behind that are named under each rule."""


@require_safe
@login_required
def city(request: HttpRequest) -> HttpResponse:
    require_city(request)
    day = asked(request, years.current(request))
    standing = standing_of(request, day)
    if standing is None:
        return render(request, "assessment/city.html", {"day": day})
    queue = waiting(request)
    context = {
        "day": day,
        "standing": standing,
        "totals": [_total(total, standing, day) for total in (standing.city_total, standing.dept_town_total)],
        "parts": _parts(standing.city_total),
        "ranking": _ranking(standing),
        "rules": overview.rule_counts(standing.facts, standing.units),
        "top": TOP,
        "unattributed": overview.unattributed(standing.facts),
        "untargeted": [row for row in standing.responsible if row.status == Status.NO_TARGET],
        "queue": queue,
        "queue_days": (timezone.now() - queue.oldest).days if queue.oldest else 0,
        **_charts(standing),
    }
    context["missing"] = [
        (rule, missing) for rule in context["rules"] if (missing := rule.count(Status.MISSING_BASE))
    ]
    return render(request, "assessment/city.html", context)


def _total(total: Total, standing: YearStanding, day: Asked) -> dict[str, Any]:
    """A city figure as its card shows it: against its threshold, and against time."""
    ahead = pace(day.year, day.as_of, total.value, total.threshold)
    return {
        "figure": total,
        "rule": standing.facts.rules[total.rule],
        "done": charts.share(total.value, total.threshold),
        "elapsed": charts.elapsed(day.year, day.as_of),
        "pace": None if standing.facts.closed or not total.value else ahead,
    }


def _ranking(standing: YearStanding) -> list[tuple[str, list[Responsible]]]:
    """One ranking, its rows shown in two tables; without a target last."""
    towns = [row for row in standing.ranking if row.unit.kind in PLACES]
    departments = [row for row in standing.ranking if row.unit.kind not in PLACES]
    return [("镇、街道、管委会", towns), ("市级部门", departments)]


def _parts(total: Total) -> list[dict[str, Any]]:
    names = {
        "direct": "直接采购",
        "commerce": "商务帮扶",
        "east_west": "东西部协作",
        "mountain_sea": "山海协作",
    }
    return [
        {
            "code": code,
            "name": name,
            "amount": getattr(total, code),
            "share": charts.share(getattr(total, code), total.value),
        }
        for code, name in names.items()
    ]


def _charts(standing: YearStanding) -> dict[str, Any]:
    threshold = standing.city_total.threshold
    months = charts.months(
        month_sums(standing.year, standing.as_of), threshold, standing.year, standing.as_of
    )
    pairings = Pairing.objects.filter(terms=standing.policy.terms_id).select_related("region")
    counties = charts.counties(pairings, region_sums_as_of(standing.year, standing.as_of))
    return {
        "months": months,
        "months_chart": charts.months_chart(months, threshold),
        "counties": counties,
        "counties_chart": charts.counties_chart(counties),
    }
