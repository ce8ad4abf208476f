"""全市看板: the two totals against time, who is ahead and behind, and what keeps the figures from being right."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessment import charts, cockpit, overview, years
from assessment.rules.standing import Status
from assessment.standing import YearStanding
from assessment.views.asked import Asked, asked, require_city, standing_of
from cixi_xiezuo.display import in_wan
from cixi_xiezuo.unchanged import while_unchanged
from procurement.large import latest_large
from procurement.waiting import city_queue, waiting

TOP = 10
"""Units behind that are named under each rule."""
REFRESH = 60
"""Seconds after which the wall asks anew."""
WALL = 8
"""Rows of each ranking on the wall, so that it is read from afar."""


@require_safe
@login_required
def city(request: HttpRequest) -> HttpResponse:
    require_city(request)
    day = asked(request, years.current(request))
    standing = standing_of(request, day)
    if standing is None:
        return render(request, "assessment/city.html", {"day": day})
    context = _figures(request, standing, day) | {
        "top": TOP,
        "large": latest_large(request.user, standing.year, standing.as_of),
        "in_wan": in_wan(request, default=True),
    }
    return render(request, "assessment/city.html", context)


@require_safe
@login_required
def wall(request: HttpRequest) -> HttpResponse:
    """大屏: the same figures for a screen of 1920×1080 on the wall, dark, asked for anew every minute."""
    require_city(request)
    day = asked(request, years.current(request))
    standing = standing_of(request, day)
    context: dict[str, Any] = {"day": day, "refresh": REFRESH, "now": timezone.localtime()}
    if standing is not None:
        context |= _figures(request, standing, day)
        context["ranking"] = [(title, rows[:WALL]) for title, rows in context["ranking"]]
        lines = cockpit.lines_of(day)
        context["counties_chart"] = charts.stacked(
            context["counties"][:WALL], lambda row: lines(region=row.code)
        )
    return render(request, "assessment/wall.html", context)


def _figures(request: HttpRequest, standing: YearStanding, day: Asked) -> dict[str, Any]:
    queue = city_queue(request)
    return while_unchanged(("city", day), lambda: _of_year(standing, day)) | {
        "queue": queue,
        "mine": waiting(request).mine,
        "queue_days": (timezone.now() - queue.oldest).days if queue.oldest else 0,
    }


def _of_year(standing: YearStanding, day: Asked) -> dict[str, Any]:
    """The figures that are the same for whoever may see them."""
    rules = overview.rule_counts(standing.facts, standing.units)
    return {
        "day": day,
        "standing": standing,
        "totals": cockpit.totals(standing, day),
        "parts": cockpit.parts(standing.city_total),
        "ranking": cockpit.ranking(standing),
        "rules": rules,
        "organisers": cockpit.organisers(standing),
        "unattributed": overview.unattributed(standing.facts),
        "untargeted": [row for row in standing.responsible if row.status == Status.NO_TARGET],
        "missing": [(rule, missing) for rule in rules if (missing := rule.count(Status.MISSING_BASE))],
        **cockpit.origins(standing, day),
    }
