"""采购目标 of every department and place in one grid, to be typed or pasted; what changed is previewed like any import."""

from __future__ import annotations

import csv
import io
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cixi_xiezuo.dates import parse_year
from cixi_xiezuo.money import yuan_display
from cixi_xiezuo.pages import told
from procurement.imports import runs
from procurement.imports.kinds import KINDS
from units.kinds import ANSWERING
from units.models import Unit, YearBase
from units.scope import Scope

TARGETS = KINDS["targets"]


class Row(NamedTuple):
    """A unit; its target of the year before and of the year, as text, "" where there is none; and what is in the field."""

    unit: Unit
    before: str
    stored: str
    value: str

    @property
    def field(self) -> str:
        return f"target-{self.unit.code}"

    @property
    def changed(self) -> bool:
        return _plain(self.value) != _plain(self.stored)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def targets(request: HttpRequest) -> HttpResponse:
    if not TARGETS.may(Scope.of(request.user)):
        raise Http404
    try:
        year = parse_year(request.GET.get("year") or str(timezone.localdate().year))
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("targets")
    rows = _rows(year, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return _previewed(request, year, [row for row in rows if row.changed])
    return render(request, "procurement/imports/targets.html", {"year": year, "rows": rows})


def _rows(year: int, given: Any) -> list[Row]:
    bases = YearBase.objects.filter(year__in=(year - 1, year), target__isnull=False)
    stored = {
        (unit, of): yuan_display(target) for unit, of, target in bases.values_list("unit", "year", "target")
    }
    units = Unit.objects.filter(kind__in=ANSWERING, active=True).order_by("code")
    rows = (
        Row(unit, stored.get((unit.pk, year - 1), ""), stored.get((unit.pk, year), ""), "") for unit in units
    )
    return [
        row._replace(value=row.stored if given is None else given.get(row.field, row.stored)) for row in rows
    ]


def _previewed(request: HttpRequest, year: int, changed: list[Row]) -> HttpResponse:
    """Only what changed goes on; a target that is there can be changed, not taken away."""
    here = redirect(f"{reverse('targets')}?year={year}")
    blank = [row.unit.name for row in changed if not _plain(row.value)]
    if blank:
        messages.error(
            request, f"{'、'.join(blank[:5])}的目标不能清空，没有保存任何改动；确实没有采购任务的请填 0"
        )
    elif not changed:
        messages.info(request, "没有改动，不需要保存")
    else:
        with told(request):
            found = runs.upload(None, TARGETS, by=request.user, text=_as_text(year, changed))
            return redirect("import", pk=found.pk)
    return here


def _as_text(year: int, rows: list[Row]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["年度", "单位编码", "单位名称", "采购目标"])
    writer.writerows([year, row.unit.code, row.unit.name, _plain(row.value)] for row in rows)
    return stream.getvalue()


def _plain(text: str) -> str:
    return "".join(text.split())
