"""What one figure counts, line by line, what it leaves out and why. Σ counted = the figure. Page, drawer and export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from assessment import explain_export
from assessment.explain import Explainer, Part
from assessment.facts import RuleTerms
from assessment.listing import PARTS, Choice, Listing, chosen, listed
from assessment.models import RuleKind
from assessment.rules.reasons import Reason
from assessment.standing import YearStanding
from assessment.views.asked import Asked, asked, other_year, standing_of
from assessment.words import REASON
from cixi_xiezuo import audit
from cixi_xiezuo.errors import Refused
from units.models import Unit
from units.scope import Scope

PER_PAGE, PER_DRAWER = 100, 20
CITY = (RuleKind.CITY_TOTAL, RuleKind.DEPT_TOWN_TOTAL)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure asked about: of a unit, or (`unit` None) of the city. `seen`: ids of units that may be; None for all."""

    day: Asked
    rule: str
    unit: Unit | None
    seen: set[int] | None
    standing: YearStanding | None

    @property
    def terms(self) -> RuleTerms | None:
        return self.standing.facts.rules.get(self.rule) if self.standing else None

    def parts(self) -> tuple[int, Iterator[Part]]:
        """404 where the unit has no such figure."""
        assert self.standing is not None
        try:
            return Explainer(self.standing).asked(self.rule, self.unit)
        except Refused as refused:
            raise Http404 from refused


def _figure(request: HttpRequest, year: int, rule: str) -> Figure:
    if rule not in RuleKind.values:
        raise Http404
    day = asked(request, year)
    scope = Scope.of(request.user)
    unit, seen = _scope(request, scope)
    if unit is None and not (scope.everything and rule in CITY):
        raise Http404
    return Figure(day, rule, unit, seen, standing_of(request, day))


def _scope(request: HttpRequest, scope: Scope) -> tuple[Unit | None, set[int] | None]:
    """The unit asked for (404 unless it may be seen), and the ids of all that may be; None for every one."""
    code = request.GET.get("unit", "")
    if scope.everything:
        return (get_object_or_404(Unit, code=code) if code else None), None
    visible = {unit.code: unit for unit in scope.visible()}
    if code not in visible:
        raise Http404
    return visible[code], {unit.pk for unit in visible.values()}


@require_safe
@login_required
def explain(request: HttpRequest, year: int, rule: str) -> HttpResponse:
    """The page; asked for by a script, the part of it that goes into the drawer."""
    figure = _figure(request, year, rule)
    if (elsewhere := other_year(request, year)) is not None:
        return elsewhere
    part = bool(request.headers.get("HX-Request"))
    template = "assessment/explain_part.html" if part else "assessment/explain.html"
    context: dict[str, Any] = {"day": figure.day, "unit": figure.unit, "rule": figure.terms}
    if figure.terms is not None:
        context |= _listing(request, figure, PER_DRAWER if part else PER_PAGE)
    return render(request, template, context)


def _listing(request: HttpRequest, figure: Figure, size: int) -> dict[str, Any]:
    choice = Choice.of(request.GET.dict())
    number = request.GET.get("page", "")
    value, parts = figure.parts()
    wanted = int(number) if number.isdecimal() and len(number) < 8 else 1
    found = listed(parts, choice, figure.seen, wanted, size)
    return {
        "figure": value,
        "found": found,
        "agrees": found.counted.amount == value,
        "reasons": [
            (reason.value, REASON[reason], found.reasons[reason])
            for reason in Reason
            if reason in found.reasons
        ],
        "choice": choice,
        "part": PARTS[choice.part][0] if choice.part in PARTS else "",
        "region": found.regions.get(choice.region, choice.region),
        "regions": sorted(found.regions.items()),
        "months": range(1, 13),
        "page": _page(found, wanted, size),
    }


def _page(found: Listing, number: int, size: int) -> Page[Any]:
    page = Paginator(range(found.chosen.count), size).get_page(number)
    page.object_list = found.rows  # type: ignore[assignment]
    return page


@require_POST
@login_required
def export(request: HttpRequest, year: int, rule: str) -> HttpResponse | FileResponse:
    """The lines as they are filtered, as a workbook or (`format` csv) as plain text; each export is on record."""
    figure = _figure(request, year, rule)
    if figure.terms is None:
        raise Http404
    choice = Choice.of(request.GET.dict())
    value, parts = figure.parts()
    rows = chosen(parts, choice, figure.seen)
    title = f"{figure.unit.name if figure.unit else '全市'} {figure.terms.title}"
    as_csv = request.POST.get("format") == "csv"
    write = explain_export.as_csv if as_csv else explain_export.as_xlsx
    head = explain_export.Head(title, year, figure.day.as_of, value, _words(choice))
    stream, count = write(head, rows)
    with transaction.atomic():
        audit.record(
            "导出计入明细",
            by=request.user,
            subject=f"{year} 年度 {figure.terms.title}",
            unit=figure.unit.code if figure.unit else "",
            as_of=figure.day.as_of,
            chosen=_words(choice),
            lines=count,
        )
    return FileResponse(stream, as_attachment=True, filename=f"{head.name}.{'csv' if as_csv else 'xlsx'}")


def _words(choice: Choice) -> str:
    """What is chosen, as the file and the trail say it."""
    shown = {"counted": "计入", "excluded": "不计入", "all": "全部"} | {str(k): v for k, v in REASON.items()}
    words = [shown.get(choice.show, choice.show)]
    if choice.part in PARTS:
        words.append(PARTS[choice.part][0])
    if choice.region:
        words.append(f"产地 {choice.region}")
    if choice.month:
        words.append(f"{choice.month} 月")
    return "、".join(words)
