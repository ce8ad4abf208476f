"""A new unit, and changes of one: what decides who answers is shown with its consequences before it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessment import unit_changes, unit_words
from cixi_xiezuo.errors import Refused, Stale
from procurement import moves
from units.forms.unit import VALUES, NewUnitForm, UnitChangeForm
from units.guards import holding
from units.models import Role, Unit
from units.scope import Scope


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    holding(request, Role.SYSTEM_ADMIN)
    form = NewUnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            unit = moves.create_unit(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已新增单位 {unit.code} {unit.name}")
            return redirect("unit_edit", unit.code)
    return render(request, "assessment/unit_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, code: str) -> HttpResponse:
    mine = Scope.of(request.user).manageable()
    unit = get_object_or_404(mine.select_related("supervisor", "town", "host"), code=code)
    if request.method != "POST":
        return _form(request, unit)
    form = UnitChangeForm(request.POST)
    if "back" in request.POST or not form.is_valid():
        return _form(request, unit, form, 200 if "back" in request.POST else 422)
    weighs = unit_changes.weighs(unit, form.values())
    if weighs and not form.require_since():
        return _form(request, unit, form, 422)
    try:
        return _weighed(request, unit, form) if weighs else _plain(request, unit, form)
    except Stale as stale:
        unit = mine.select_related("supervisor", "town", "host").get(pk=unit.pk)
        messages.error(request, str(stale))
        return _form(request, unit, status=409)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, unit, form, 422)


def _form(
    request: HttpRequest, unit: Unit, form: UnitChangeForm | None = None, status: int = 200
) -> HttpResponse:
    """The form as it was filled in, else as the unit is."""
    scope, history = Scope.of(request.user), unit_changes.history_of(unit)
    if form is None:
        initial = {name: getattr(unit, name) for name in VALUES}
        form = UnitChangeForm(initial=initial | {"seen": unit_changes.stamp(unit, history)})
    context = {
        "unit": unit,
        "form": form,
        "history": history,
        "events": unit_words.events_of(unit),
        "may_read": scope.takes_part,
        "may_add_people": scope.has(Role.SYSTEM_ADMIN),
    }
    return render(request, "assessment/unit_edit.html", context, status=status)


def _plain(request: HttpRequest, unit: Unit, form: UnitChangeForm) -> HttpResponse:
    unit_changes.rename(unit, by=request.user, values=form.values(), seen=form.cleaned_data["seen"])
    messages.success(request, "已保存，没有数字因此变动")
    return redirect("unit_edit", unit.code)


def _weighed(request: HttpRequest, unit: Unit, form: UnitChangeForm) -> HttpResponse:
    """Shown first; done when the page that showed it sends it again with its token."""
    change: dict[str, Any] = {
        "by": request.user,
        "since": form.since_day(),
        "values": form.values(),
        "seen": form.cleaned_data["seen"],
    }
    stale: Stale | None = None
    if token := request.POST.get("confirm", ""):
        try:
            done = unit_changes.make(unit, token=token, **change)
        except Stale as error:
            stale = error
        else:
            figures = f"{len(done.shifts)} 个数字随之变动" if done.shifts else "没有数字因此变动"
            messages.success(request, f"已修改 {unit.code} {form.cleaned_data['name']}，{figures}")
            return redirect("unit_edit", unit.code)
    found = unit_changes.prospect(unit, **change)
    if stale is not None:
        messages.error(request, str(stale))
    context = {
        "unit": unit,
        "form": form,
        "prospect": found,
        "moved_years": unit_words.shifts_by_year(found.shifts),
        "since": form.since_day(),
    }
    return render(request, "assessment/unit_preview.html", context, status=409 if stale else 200)
