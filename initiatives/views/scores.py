"""考核评分: the year's sheet, its criteria, one unit's sheet and what 市商务局 enters on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessment import years
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import told
from initiatives.acting import ReasonForm
from initiatives.scoring import verbs
from initiatives.scoring.criteria import criteria_of
from initiatives.scoring.forms import EntryForm, criteria_forms, open_to
from initiatives.scoring.models import Criterion, Entry
from initiatives.scoring.scope import may_edit, rows_for, sees
from initiatives.scoring.sheet import Row, Sheet, sheet_of
from initiatives.words import happened
from units.guards import taking_part
from units.kinds import Kind
from units.models import Unit
from units.years import locked_years


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    year = years.current(request)
    context: dict[str, Any] = {"score_year": year, "export_query": f"year={year}"}
    try:
        sheet = sheet_of(year)
    except Refused as refused:
        return render(request, "initiatives/scores.html", context | {"sentence": str(refused)})
    context |= {
        "sheet": sheet,
        "rows": [(row, Kind(row.kind).label) for row in rows_for(request.user, sheet)],
        "of": len(sheet.rows),
        "may_edit": may_edit(request.user) and not sheet.locked,
    }
    return render(request, "initiatives/scores.html", context)


def _bureau(request: HttpRequest, year: int) -> None:
    taking_part(request)
    if not may_edit(request.user) or year not in years.known(request):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def criteria(request: HttpRequest, year: int) -> HttpResponse:
    _bureau(request, year)
    if request.method != "POST" and year in locked_years():
        raise Http404
    head, forms = criteria_forms(criteria_of(year), request.POST if request.method == "POST" else None)
    sentence, sound = "", head.is_bound and head.is_valid() and forms.is_valid()
    if sound:
        given = head.cleaned_data
        items = [form.item for form in forms if form.item is not None]
        try:
            verbs.save_criteria(
                year, items, by=request.user, example=given["example"], version=given["version"]
            )
        except Refused as refused:
            sentence = str(refused)
        else:
            messages.success(request, "已保存考核指标")
            return redirect("scores")
    context = {"score_year": year, "head": head, "forms": forms, "sentence": sentence}
    return render(request, "initiatives/score_criteria.html", context, status=422 if head.is_bound else 200)


def _row(request: HttpRequest, year: int, code: str) -> tuple[Sheet, Row]:
    """Of a department or town in the person's scope."""
    taking_part(request)
    if year not in years.known(request):
        raise Http404
    try:
        sheet = sheet_of(year)
    except Refused as refused:
        raise Http404 from refused
    row = sheet.of(code)
    if row is None or not sees(request, code):
        raise Http404
    return sheet, row


def _page(request: HttpRequest, sheet: Sheet, row: Row, form: EntryForm | None = None) -> HttpResponse:
    editing = may_edit(request.user) and not sheet.locked
    choices = open_to(sheet.items, row) if editing else []
    unit = Unit(code=row.code)
    context = {
        "sheet": sheet,
        "row": row,
        "of": len(sheet.rows),
        "marks": list(zip(sheet.items, row.marks, strict=True)),
        "editing": editing,
        "unsaved": sheet.criteria.table is None,
        "form": form or (EntryForm(open_to=choices) if choices else None),
        "events": happened(row.code, verbs.subject_of(sheet.year, unit)),
    }
    return render(request, "initiatives/score.html", context, status=422 if form else 200)


@require_safe
@login_required
def detail(request: HttpRequest, year: int, code: str) -> HttpResponse:
    return _page(request, *_row(request, year, code))


@require_POST
@login_required
def enter(request: HttpRequest, year: int, code: str) -> HttpResponse:
    _bureau(request, year)
    sheet, row = _row(request, year, code)
    form = EntryForm(request.POST, open_to=open_to(sheet.items, row))
    if form.is_valid():
        given = form.cleaned_data
        criterion = get_object_or_404(Criterion, pk=int(given["criterion"]), table__year=year)
        unit = get_object_or_404(Unit, code=code)
        try:
            verbs.enter(criterion, unit, by=request.user, points=given["points"], reason=given["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已评定“{criterion}”")
            return redirect("score", year, code)
    return _page(request, sheet, row, form)


@require_POST
@login_required
def clear(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """`criterion`: whose entry is taken away."""
    _bureau(request, year)
    asked = request.POST.get("criterion", "")
    rows = Entry.objects.filter(unit__code=code, criterion__table__year=year)
    pk = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    entry = get_object_or_404(rows.select_related("criterion"), criterion=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写清除的原因")
        return redirect("score", year, code)
    with told(request, f"已清除“{entry.criterion}”的评定"):
        verbs.clear(entry, by=request.user, reason=form.cleaned_data["reason"])
    return redirect("score", year, code)
