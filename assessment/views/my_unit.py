"""我的单位: what is still owed this year in plain words, the drop area, and what waits for the clerk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessment import sentences, years
from assessment.base_list import OPEN
from assessment.near import NearStanding
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import Standing
from assessment.sentences import Told
from assessment.standing import Standings
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.waits import how_many
from cixi_xiezuo.written import Written
from procurement.choices import PENDING, Status
from procurement.forms.receipts import ACCEPT
from procurement.models import Purchase, Receipt
from units.deadlines import day_set, days_late, usual
from units.models import BaseStatus, Unit, YearBase
from units.scope import Scope

WAITING = (Status.RETURNED, Status.DRAFT, Status.SUBMITTED)
COUNTED = (*(status.value for status in WAITING), "approved", "bought", "reading")
LISTED = 8
"""How many purchases of each state the page lists; the rest is one click away."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A rule told for a unit, with the address that explains its figure; `hint`: what to do next."""

    told: Told
    url: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A unit with its rules; `declared` is the state of the base that they are measured by."""

    unit: Any
    rules: list[Owed]
    declared: str

    @property
    def to_file(self) -> bool:
        return self.declared in OPEN


@require_safe
@login_required
def my_unit(request: HttpRequest) -> HttpResponse:
    scope, year = Scope.of(request.user), years.current(request)
    near = _near(len(scope.own)).objects(year, date(year, 1, 1), date(year, 12, 31), *scope.own)
    own = [each for each in near if each.pk in scope.own]
    unit = _chosen(request, own)
    family = [unit, *(each for each in near if each.host_id == unit.pk)]
    sections, problem = _sections(family, year)
    counts = {name: sum(getattr(each, name) or 0 for each in family) for name in COUNTED}
    return render(
        request,
        "assessment/my_unit.html",
        {
            "unit": unit,
            "own_units": own,
            "sections": sections,
            **_to_file(sections, year),
            "problem": problem,
            "units": family,
            "drop_unit": unit.code,
            "accept": ACCEPT,
            "counts": counts,
            "returned": _first(family, "decided_at", Status.RETURNED) if counts["returned"] else [],
            "drafts": _first(family, "-pk", Status.DRAFT) if counts["draft"] else [],
        },
    )


@lru_cache(maxsize=100)
def _near(units: int) -> Written:
    """Asks for so many units and their unions with `_with_counts`."""

    def build(year: int, first: date, last: date, *own: int) -> QuerySet[Any]:
        return _with_counts(year, first, last).filter(Q(pk__in=own) | Q(host__in=own, active=True))

    return Written(build)


def _with_counts(year: int, first: date, last: date) -> QuerySet[Any]:
    """Units with what waits for the clerk, whatever its year, and what is approved from the first day to the last.

    `bought` is the approved total in 元; `declared` the status of the year's base, None where there is none.
    """
    of_year = Q(status=Status.APPROVED, date__gte=first, date__lte=last)
    all_mine = Purchase.objects.filter(unit=OuterRef("pk")).order_by()
    mine = all_mine.filter(of_year).values("unit")
    reading = Receipt.objects.filter(unit=OuterRef("pk"), reading__in=PENDING).values("unit")
    counts = {status.value: how_many(all_mine.filter(status=status), "unit") for status in WAITING}
    return Unit.objects.order_by("code").annotate(
        **counts,
        approved=Subquery(mine.annotate(count=Count("pk")).values("count")),
        bought=Subquery(mine.annotate(total=Sum("lines__recognised")).values("total")),
        reading=Subquery(reading.annotate(count=Count("pk")).values("count")),
        declared=Subquery(YearBase.objects.filter(unit=OuterRef("pk"), year=year).values("status")),
        due=Subquery(day_set(year)),
    )


def _chosen(request: HttpRequest, own: list[Any]) -> Any:
    if not own:
        raise Http404
    code = request.GET.get("unit")
    found = next((unit for unit in own if unit.code == code), None) if code else own[0]
    if found is None:
        raise Http404
    return found


def _sections(family: list[Any], year: int) -> tuple[list[Section], str]:
    """The rules of the unit and its unions; a sentence instead where the year has no policy."""
    try:
        standing = NearStanding.read(year, family)
    except Refused as refused:
        return [], str(refused)
    sections = []
    for unit in family:
        owed = [
            Owed(told, _explain(year, told), _hint(row, standing))
            for told, row in sentences.of_unit(standing, unit.pk, unit.declared or "")
        ]
        sections.append(Section(unit, owed, unit.declared or BaseStatus.UNFILED.value))
    return [section for section in sections if section.rules], ""


def _hint(row: Standing | Responsible, standing: Standings) -> str:
    """What to buy before the next holiday, in the year that is running."""
    if not isinstance(row, Standing) or standing.as_of.year != standing.year:
        return ""
    return sentences.before_holiday(row, standing.as_of)


def _to_file(sections: list[Section], year: int) -> dict[str, Any]:
    """The units whose base is still to be filed, and by when."""
    found = [section for section in sections if section.to_file]
    deadline = usual(year, found[0].unit.due) if found else None
    return {"to_file": found, "deadline": deadline, "late": days_late(deadline) if deadline else 0}


def _explain(year: int, told: Told) -> str:
    return f"{reverse('explain', kwargs={'year': year, 'rule': told.rule})}?unit={told.unit_code}"


def _first(family: list[Any], order: str, status: Status) -> list[Any]:
    """What the clerk can go on with, the first few."""
    return _first_of(len(family), order, status).objects(*(unit.pk for unit in family))


@lru_cache(maxsize=100)
def _first_of(units: int, order: str, status: Status) -> Written:
    def build(*family: int) -> QuerySet[Any]:
        shown = Purchase.objects.filter(unit__in=family, status=status).with_total()
        return shown.select_related("unit", "supplier").order_by(order)[:LISTED]

    return Written(build)
