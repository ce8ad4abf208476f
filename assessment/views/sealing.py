"""封账: the state of a year, closing it, asking for it to be opened and deciding on that; what was sealed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessment import sealing, years
from assessment.forms.sealing import AskForm, DecideForm, LockForm
from assessment.models import Opening, Snapshot
from assessment.sealed import Sealed, compare
from assessment.views.asked import asked, other_year
from cixi_xiezuo.audit import actor_name
from cixi_xiezuo.pages import page_of, told
from units.guards import holding
from units.models import Unit
from units.scope import Scope
from units.years import YearLock

MAY_LOOK = (*sealing.MAY_LOCK, *sealing.MAY_OPEN)
PER_PAGE = 100


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    holding(request, *MAY_LOOK)
    return redirect("sealing", years.current(request))


@require_safe
@login_required
def sealing_of(request: HttpRequest, year: int) -> HttpResponse:
    scope = holding(request, *MAY_LOOK)
    asked(request, year)
    if (elsewhere := other_year(request, year)) is not None:
        return elsewhere
    return render(request, "assessment/sealing.html", _state(request, scope, year))


def _state(request: HttpRequest, scope: Scope, year: int, **forms: Form) -> dict[str, Any]:
    lock = YearLock.objects.filter(year=year).first()
    locked = lock is not None and lock.locked
    openings = list(Opening.objects.filter(year=year))
    pending = next((each for each in openings if each.granted is None), None)
    me = actor_name(request.user)
    return {
        "sealed_year": year,
        "lock": lock,
        "locked": locked,
        "state": "locked" if locked else "reopened" if lock else "unlocked",
        "ended": sealing.ended(year),
        "waiting": [] if locked else list(_waiting(year)),
        "versions": [Sealed(each) for each in Snapshot.objects.filter(year=year)],
        "openings": openings,
        "pending": pending,
        "may_lock": not locked and scope.has(*sealing.MAY_LOCK),
        "may_ask": locked and pending is None and scope.has(*sealing.MAY_LOCK),
        "may_decide": pending is not None and pending.asked_by != me and scope.has(*sealing.MAY_OPEN),
        "lock_form": LockForm(),
        "ask_form": AskForm(),
        "decide_form": DecideForm(),
        "named": set(request.POST.getlist("leaving")),
        **forms,
    }


def _waiting(year: int) -> Any:
    return sealing.waiting_purchases(year).with_total().select_related("unit", "supplier")


def _again(request: HttpRequest, scope: Scope, year: int, **forms: Form) -> HttpResponse:
    """The page with what is wrong at its field."""
    context = _state(request, scope, year, **forms)
    return render(request, "assessment/sealing.html", context, status=422)


@require_POST
@login_required
def lock(request: HttpRequest, year: int) -> HttpResponse:
    scope = holding(request, *sealing.MAY_LOCK)
    asked(request, year)
    form = LockForm(request.POST)
    if not form.is_valid():
        return _again(request, scope, year, lock_form=form)
    leaving = request.POST.getlist("leaving")
    with told(request, f"{year} 年度已封账"):
        sealing.lock(year, by=request.user, leaving=leaving, reason=form.cleaned_data["reason"])
    return redirect("sealing", year)


@require_POST
@login_required
def ask(request: HttpRequest, year: int) -> HttpResponse:
    scope = holding(request, *sealing.MAY_LOCK)
    asked(request, year)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _again(request, scope, year, ask_form=form)
    with told(request, "已提交启封申请，等待市对口支援办决定"):
        sealing.ask_to_open(year, by=request.user, reason=form.cleaned_data["reason"])
    return redirect("sealing", year)


@require_POST
@login_required
def decide(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    scope = holding(request, *sealing.MAY_OPEN)
    opening = get_object_or_404(Opening, year=year, pk=pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _again(request, scope, year, decide_form=form)
    granted = form.cleaned_data["granted"] == "yes"
    said = f"已同意启封，{year} 年度可以更正；更正后请重新封账" if granted else "已答复：不同意启封"
    with told(request, said):
        answer = form.cleaned_data["answer"]
        sealing.decide_opening(opening, by=request.user, granted=granted, answer=answer)
    return redirect("sealing", year)


@require_safe
@login_required
def check(request: HttpRequest, year: int) -> HttpResponse:
    """核验: is every version what its digest says, and is the closed year still what was sealed?"""
    holding(request, *MAY_LOOK)
    asked(request, year)
    snapshots = sealing.kept_snapshots(year)
    broken = list(sealing.broken_snapshots(year, snapshots))
    part = request.headers.get("HX-Request")
    template = "assessment/sealing_check_part.html" if part else "assessment/sealing_check.html"
    return render(request, template, {"sealed_year": year, "broken": broken, "sealed": bool(snapshots)})


def _versions(year: int, *versions: int) -> list[Sealed]:
    """With the units' names of today. 404 where one is not there."""
    found = {each.version: each for each in Snapshot.objects.filter(year=year, version__in=versions)}
    if found.keys() != set(versions):
        raise Http404
    names = dict(Unit.objects.values_list("code", "name"))
    return [Sealed(found[version], names) for version in versions]


@require_safe
@login_required
def snapshot(request: HttpRequest, year: int, version: int) -> HttpResponse:
    """One version as it was sealed."""
    holding(request, *MAY_LOOK)
    (sealed,) = _versions(year, version)
    request._year = year  # type: ignore[attr-defined]
    page = page_of(request, sealed.rows, PER_PAGE)
    context = {"sealed_year": year, "sealed": sealed, "page": page, "lines": map(sealed.line, page)}
    return render(request, "assessment/snapshot.html", context)


@require_safe
@login_required
def differences(request: HttpRequest, year: int) -> HttpResponse:
    """Any two versions of a year, `?old=` and `?new=`: the figures, bases and lines that are not the same."""
    holding(request, *MAY_LOOK)
    chosen = [request.GET.get(name, "") for name in ("old", "new")]
    if not all(version.isdecimal() for version in chosen):
        raise Http404
    if chosen[0] == chosen[1]:
        messages.warning(request, "请选择两个不同的版本")
        return redirect(reverse("sealing", args=[year]))
    old, new = _versions(year, *sorted(map(int, chosen)))
    request._year = year  # type: ignore[attr-defined]
    context = {"sealed_year": year, "old": old.snapshot, "new": new.snapshot, "found": compare(old, new)}
    return render(request, "assessment/sealing_differences.html", context)
