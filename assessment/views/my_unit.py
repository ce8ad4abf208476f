"""我的单位: what is still owed this year in plain words, the drop area, and what waits for the clerk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessment import sentences, years
from assessment.sentences import Told
from assessment.standing import YearStanding
from cixi_xiezuo.errors import Refused
from procurement.choices import Status
from procurement.forms.receipts import ACCEPT
from procurement.models import Purchase, Receipt
from procurement.views.inbox import PENDING
from units.models import Unit, YearBase
from units.scope import Scope

WAITING = (Status.RETURNED, Status.DRAFT, Status.SUBMITTED)
LISTED = 8
"""How many purchases of each state the page lists; the rest is one click away."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A rule told for a unit, with the address that explains its figure."""

    told: Told
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    unit: Unit
    rules: list[Owed]


@require_safe
@login_required
def my_unit(request: HttpRequest) -> HttpResponse:
    scope = Scope.of(request.user)
    near = list(
        Unit.objects.filter(Q(pk__in=scope.own) | Q(host__in=scope.own, active=True)).order_by("code")
    )
    own = [each for each in near if each.pk in scope.own]
    unit = _chosen(request, own)
    family = [unit, *(each for each in near if each.host_id == unit.pk)]
    year = years.current(request)
    sections, problem = _sections(family, year)
    return render(
        request,
        "assessment/my_unit.html",
        {
            "unit": unit,
            "own_units": own,
            "sections": sections,
            "problem": problem,
            "units": family,
            "drop_unit": unit.code,
            "accept": ACCEPT,
            **_purchases(family, year),
        },
    )


def _chosen(request: HttpRequest, own: list[Unit]) -> Unit:
    if not own:
        raise Http404
    code = request.GET.get("unit")
    found = next((unit for unit in own if unit.code == code), None) if code else own[0]
    if found is None:
        raise Http404
    return found


def _sections(family: list[Unit], year: int) -> tuple[list[Section], str]:
    """The rules of the unit and its unions; a sentence instead where the year has no policy."""
    try:
        standing = YearStanding.read(year)
    except Refused as refused:
        return [], str(refused)
    declared = dict(YearBase.objects.filter(unit__in=family, year=year).values_list("unit_id", "status"))
    rules = standing.facts.rules
    sections = []
    for unit in family:
        told = [
            sentences.of_standing(each, rules[each.rule], declared.get(unit.pk, ""))
            for each in standing.of_unit(unit.pk)
        ]
        row = standing.responsible_of(unit.pk) if "dept_town_total" in rules else None
        if row is not None:
            told.insert(0, sentences.of_responsible(row, rules["dept_town_total"]))
        owed = [Owed(each, _explain(year, each)) for each in told]
        sections.append(Section(unit, owed))
    return [section for section in sections if section.rules], ""


def _explain(year: int, told: Told) -> str:
    return f"{reverse('explain', kwargs={'year': year, 'rule': told.rule})}?unit={told.unit_code}"


def _purchases(family: list[Unit], year: int) -> dict[str, Any]:
    """What waits for the clerk, whatever its year; what is approved counts by the year's dates."""
    rows = Purchase.objects.filter(unit__in=family)
    of_year = Q(status=Status.APPROVED, date__gte=date(year, 1, 1), date__lte=date(year, 12, 31))
    waiting = {status: Count("pk", filter=Q(status=status)) for status in WAITING}
    shown = rows.with_total().select_related("unit", "supplier")
    return {
        "counts": rows.aggregate(approved=Count("pk", filter=of_year), **waiting),
        "returned": shown.filter(status=Status.RETURNED).order_by("decided_at")[:LISTED],
        "drafts": shown.filter(status=Status.DRAFT).order_by("-pk")[:LISTED],
        "approved_total": rows.filter(of_year).aggregate(total=Sum("lines__recognised"))["total"],
        "reading": Receipt.objects.filter(unit__in=family, reading__in=PENDING).count(),
    }
