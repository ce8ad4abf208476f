"""One unit's page: how it stands on each rule, what it answers for, what it declared, and who belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment import sentences, years
from assessment.overview import BEHIND
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import Standing
from assessment.sentences import Told
from assessment.standing import YearStanding
from assessment.views.asked import asked, standing_of
from units.models import Role, Unit, YearBase
from units.scope import Scope

LISTED = 200
"""Units that belong to the unit and are listed; a town has some hundreds at most."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule in words, with its figures (分)."""

    told: Told
    standing: Standing | None = None
    responsible: Responsible | None = None

    @property
    def behind(self) -> bool:
        return self.told.status in BEHIND


@require_safe
@login_required
def unit(request: HttpRequest, code: str) -> HttpResponse:
    day = asked(request, years.current(request))
    scope = Scope.of(request.user)
    found, family = _family(request, code)
    standing = standing_of(request, day)
    base = YearBase.objects.filter(unit=found, year=day.year).select_related("canteen_representative").first()
    context: dict[str, Any] = {
        "day": day,
        "unit": found,
        "base": base,
        "may_change": scope.has(Role.SYSTEM_ADMIN, Role.BUREAU),
        "may_remind": scope.reviewing and scope.remindable().filter(pk=found.pk).exists(),
        "unions": [each for each in family if each.host_id == found.pk],
        "subordinates": [each for each in family if each.supervisor_id == found.pk],
        "residents": [each for each in family if each.town_id == found.pk and each.supervisor_id != found.pk],
        "rules": _rules(standing, found, base.status if base else "") if standing else [],
    }
    return render(request, "assessment/unit.html", context)


def _family(request: HttpRequest, code: str) -> tuple[Unit, list[Unit]]:
    """The unit and those that belong to it, as far as the person may see them. 404 when not the unit itself."""
    near = Q(code=code) | Q(host__code=code) | Q(supervisor__code=code) | Q(town__code=code)
    rows = Scope.of(request.user).visible().filter(near).select_related("supervisor", "town", "host")
    found = list(rows.order_by("code")[: LISTED + 1])
    own = next((each for each in found if each.code == code), None)
    if own is None:  # it may stand beyond the list's end
        own = rows.filter(code=code).first()
    if own is None:
        raise Http404
    return own, [each for each in found if each != own]


def _rules(standing: YearStanding, unit: Unit, declared: str) -> list[Shown]:
    return [
        Shown(told, standing=row) if isinstance(row, Standing) else Shown(told, responsible=row)
        for told, row in sentences.of_unit(standing, unit.pk, declared)
    ]
