"""年度基数 of a year as a list: who has declared, who is late, what waits for the reviewer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessment import base_fields, base_list, base_words, years
from assessment.base_fields import BaseField
from assessment.filters_bases import BaseFilter
from assessment.models import Rule
from assessment.standing import rules_of
from cixi_xiezuo.dates import parse_date
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of
from units import bases
from units.deadlines import days_late, deadline_of, set_deadline
from units.guards import holding, taking_part
from units.models import BaseStatus, Role, YearBase
from units.scope import Scope

PAGE = 50
FEW = 8
"""So many rows need no filters."""


def _rules(year: int) -> list[Rule]:
    try:
        return rules_of(year)
    except Refused:
        return []


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    scope, year = taking_part(request), years.current(request)
    rules, deadline = _rules(year), deadline_of(year)
    rows = base_list.of_year(request.user, year, base_fields.due_kinds(rules), deadline)
    found = BaseFilter(request.GET, queryset=rows)
    progress = base_list.progress(found.everything, found.state)
    linked = found.qs.select_related("supervisor", "town", "host")
    page = page_of(request, linked, PAGE, count=progress.listed)
    known = base_list.declarations([unit.pk for unit in page], year)
    rows_shown = [_row(unit, year, known, rules, scope) for unit in page]
    context = {
        "filter": found,
        "page": page,
        "rows": rows_shown,
        "progress": progress,
        "deadline": deadline,
        "over": days_late(deadline),
        "may_set": scope.has(Role.BUREAU),
        "reviewing": scope.reviewing,
        "filtering": scope.reviewing or progress.listed > FEW or bool(request.GET),
        "page_size": PAGE,
        "reminding": any(row["remind"] for row in rows_shown),
        "export_query": f"{request.GET.urlencode()}&year={year}",
    }
    return render(request, "assessment/bases.html", context)


def _row(
    unit: Any, year: int, known: dict[tuple[int, int], YearBase], rules: list[Rule], scope: Scope
) -> dict[str, Any]:
    """A unit with what it declared in one line, what is doubtful about it, and what the person may do."""
    base, fields = known.get((unit.pk, year)), base_fields.fields_of(unit.kind, rules)
    deciding = base is not None and unit.state == BaseStatus.FILED and unit.mine
    return {
        "unit": unit,
        "base": base,
        "summary": base_words.summary(fields, base) if base else "",
        "doubts": _doubts(fields, base, known) if base and unit.state == BaseStatus.FILED else [],
        "pick": f"{base.pk}:{bases.stamp(base)}" if base is not None and deciding else "",
        "filing": scope.may_record(unit),
        "remind": unit.must and unit.state in base_list.OPEN and unit.looked_after,
    }


def _doubts(fields: list[BaseField], base: YearBase, known: dict[tuple[int, int], YearBase]) -> list[str]:
    last = known.get((base.unit_id, base.year - 1))
    shared = known.get((base.canteen_representative_id or 0, base.year))
    return base_words.doubts(fields, base, last, shared)


@require_POST
@login_required
def confirm_many(request: HttpRequest) -> HttpResponse:
    """Confirm the picked ones that raise no doubt, each by itself; say how many, and which not and why."""
    scope = taking_part(request)
    picked = dict(text.partition(":")[::2] for text in request.POST.getlist("pick")[:PAGE])
    ids = [int(pk) for pk in picked if pk.isdecimal() and len(pk) < 19]
    rows = YearBase.objects.filter(pk__in=ids, unit__in=scope.reviewable())
    waiting = list(rows.select_related("unit", "canteen_representative").order_by("unit__code"))
    refused, confirmed = [], 0
    rules = {year: _rules(year) for year in {base.year for base in waiting}}
    known: dict[tuple[int, int], YearBase] = {}
    for year in rules:
        known |= base_list.declarations([base.unit_id for base in waiting if base.year == year], year)
    for base in waiting:
        doubts = _doubts(base_fields.fields_of(base.unit.kind, rules[base.year]), base, known)
        if doubts:
            refused.append(f"{base.unit}：{doubts[0]}")
            continue
        try:
            bases.confirm_base(base, by=request.user, seen=picked[str(base.pk)])
            confirmed += 1
        except Refused as error:
            refused.append(f"{base.unit}：{error}")
    if not picked:
        messages.warning(request, "请先勾选要确认的单位")
    if confirmed:
        messages.success(request, f"已确认 {confirmed} 个单位的年度基数")
    gone = len(picked) - confirmed - len(refused)
    if gone:
        refused.append(f"另有 {gone} 个不在您可以确认的范围内")
    if refused:
        messages.warning(request, f"未确认 {len(picked) - confirmed} 个，请逐个核对——" + "；".join(refused))
    return _list(request)


@require_POST
@login_required
def deadline(request: HttpRequest) -> HttpResponse:
    """The bureau sets the last day for the chosen year."""
    holding(request, Role.BUREAU)
    year = years.current(request)
    try:
        found = set_deadline(year, parse_date(request.POST.get("day", "")), by=request.user)
        messages.success(request, f"{year} 年度基数的填报截止日为 {found.day}")
    except (ValueError, Refused) as error:
        messages.error(request, str(error))
    return _list(request)


def _list(request: HttpRequest) -> HttpResponse:
    query = request.GET.urlencode()
    return redirect(reverse("bases") + (f"?{query}" if query else ""))
