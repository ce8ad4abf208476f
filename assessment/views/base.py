"""One unit's 年度基数 of a year: the clerk's form, a reviewer's page to decide on, a page to read for the others."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, FilteredRelation, Q, Subquery, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assessment import base_fields, base_list, base_words, years
from assessment.base_fields import BaseField
from assessment.forms.base import BaseForm
from assessment.standing import rules_of
from assessment.views.asked import other_year
from cixi_xiezuo.errors import Refused, Stale
from units import bases
from units.deadlines import day_set, days_late, usual
from units.models import BaseStatus, Unit, YearBase
from units.scope import Scope
from units.years import YearLock

REASON_SIZE = 500
REASONS = (
    "数额与预算批复不一致，请核对",
    "与上年相差较大，请核对或说明",
    "食堂情况填写有误，请核对",
    "人数与实际不符，请核对",
    "请附上批复文件号并核对预留比例",
)


@dataclass(slots=True)
class Found:
    """A declaration with what the page needs of it. `may_decide`: the person reviews the unit and did not file it."""

    unit: Unit
    base: YearBase
    last: YearBase | None
    shared: YearBase | None
    fields: list[BaseField]
    may_file: bool
    may_decide: bool
    deadline: datetime.date


def find(request: HttpRequest, year: int, code: str) -> Found:
    """404 for a unit the person may not see, and for a year nobody knows."""
    scope = Scope.of(request.user)
    if year not in years.known(request) or not scope.takes_part:
        raise Http404
    rows = scope.visible().annotate(base=FilteredRelation("bases", condition=Q(bases__year=year)))
    rows = rows.annotate(
        mine=Case(When(base_list.reviewed_by(request.user), then=Value(True)), default=Value(False)),
        day=Subquery(day_set(year)),
    )
    unit = rows.select_related("supervisor", "town", "host").filter(code=code).first()
    if unit is None:
        raise Http404
    known = base_list.declarations([unit.pk], year)
    base = known.get((unit.pk, year)) or YearBase(unit=unit, year=year)
    try:
        fields = base_fields.fields_of(unit.kind, rules_of(year))
    except Refused:
        fields = []
    return Found(
        unit,
        base,
        known.get((unit.pk, year - 1)),
        known.get((base.canteen_representative_id or 0, year)),
        fields,
        may_file=scope.may_record(unit),
        may_decide=unit.mine,
        deadline=usual(year, unit.day),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def base(request: HttpRequest, year: int, code: str) -> HttpResponse:
    if (elsewhere := other_year(request, year)) is not None:
        return elsewhere
    found = find(request, year, code)
    if request.method != "POST":
        return _page(request, found)
    if not found.may_file or not found.fields:
        messages.error(
            request, "您没有为该单位填报的权限" if found.fields else "这个单位今年没有要填报的基数"
        )
        return redirect("base", year, code)
    form, step = _form(found, request.POST), request.POST.get("step", "")
    if step == "edit":
        return _page(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, 422)
    if step == "check":
        return _page(request, found, form, checking=_checked(found, form))
    seen, was = form.cleaned_data["seen"], found.base.status
    try:
        filed = bases.file_base(found.unit, year, by=request.user, seen=seen, **form.declared())
    except Stale as stale:
        messages.error(request, f"还没有保存：{stale}")
        return _page(request, find(request, year, code), status=409)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, found, form, 422)
    if filed.status == was and filed.filed_at == found.base.filed_at:
        messages.info(request, "没有改动")
    elif was == BaseStatus.CONFIRMED:
        messages.warning(request, f"已重新填报，等待确认。{_until_confirmed(found.fields)}")
    else:
        messages.success(request, "已填报，等待主管单位确认；确认之后才计入占比")
    return redirect("base", year, code)


def _form(found: Found, data: Any = None) -> BaseForm:
    seen = bases.stamp(found.base)
    return BaseForm(data, asked=found.fields, base=found.base, last=found.last, seen=seen)


def _checked(found: Found, form: BaseForm) -> dict[str, Any]:
    """What is about to be filed beside last year's, and what is doubtful about it. Nothing is stored."""
    draft = YearBase(unit=found.unit, year=found.base.year, **form.declared())
    representative = draft.canteen_representative_id
    rows = YearBase.objects.filter(unit=representative, year=draft.year) if representative else ()
    shared = next(iter(rows), None)
    return {
        "shown": base_words.shown(found.fields, draft, found.last),
        "doubts": base_words.doubts(found.fields, draft, found.last, shared),
    }


def _until_confirmed(fields: list[BaseField]) -> str:
    """What a declaration that is not confirmed means for the figures."""
    names = {field.name for field in fields}
    rules = base_fields.measured(field for field in fields if field.name not in ("target", "listed"))
    said = []
    if rules:
        said.append(f"{'、'.join(rules)}显示“缺基数”，不算达标")
    if "target" in names:
        said.append("没有确认的采购目标，不参加排名")
    if "listed" in names:
        said.append("按不在宁波名单计入所在镇街")
    return f"重新确认之前，{'；'.join(said)}。" if said else ""


def _page(
    request: HttpRequest,
    found: Found,
    form: BaseForm | None = None,
    status: int = 200,
    checking: dict[str, Any] | None = None,
) -> HttpResponse:
    """`checking`: the form is filled in, and what it would file is shown."""
    lock = YearLock.objects.filter(year=found.base.year, locked=True).first()
    deadline = found.deadline
    if found.may_file and lock is None and form is None and found.fields:
        form = _form(found)
    names = {found.unit.pk: found.unit.name, **(form.offered if form else {})}
    if found.base.canteen_representative:
        names[found.base.canteen_representative.pk] = found.base.canteen_representative.name
    filed = found.base.status == BaseStatus.FILED
    context = {
        "unit": found.unit,
        "base": found.base,
        "base_year": found.base.year,
        "last_year": found.base.year - 1,
        "form": form,
        "checking": checking,
        "shown": base_words.shown(found.fields, found.base, found.last),
        "doubts": _doubts(found) if found.base.pk else [],
        "means": _until_confirmed(found.fields),
        "lock": lock,
        "deadline": deadline,
        "late": days_late(deadline) if found.base.status in base_list.OPEN and found.fields else 0,
        "confirming": found.may_decide and filed and lock is None,
        "returning": found.may_decide
        and (filed or found.base.status == BaseStatus.CONFIRMED)
        and lock is None,
        "own_filing": filed and not found.may_decide and found.base.filed_by == request.user.get_username(),
        "seen": bases.stamp(found.base),
        "reasons": REASONS,
        "events": base_words.events_of(found.base, names) if found.base.pk else [],
        "query": request.GET.urlencode(),
        "evidence": list(found.base.evidence.select_related("file")) if found.base.pk else [],
        "attaching": found.may_file and lock is None and bool(found.fields),
    }
    return render(request, "assessment/base.html", context, status=status)


def _doubts(found: Found) -> list[str]:
    return base_words.doubts(found.fields, found.base, found.last, found.shared)


def _decide(request: HttpRequest, year: int, code: str) -> YearBase:
    """The declaration to decide on; 404 where there is none, or the person reviews nothing."""
    if not Scope.of(request.user).reviewing:
        raise Http404
    found = find(request, year, code)
    if found.base.pk is None:
        raise Http404
    return found.base


def _back(request: HttpRequest, year: int, code: str, *, done: bool) -> HttpResponse:
    """To the list, with its filters, where there is one to go on with; else the page again."""
    query = request.GET.urlencode()
    if done and query:
        return redirect(f"{reverse('bases')}?{query}")
    return redirect(reverse("base", args=[year, code]) + (f"?{query}" if query else ""))


@require_POST
@login_required
def confirm(request: HttpRequest, year: int, code: str) -> HttpResponse:
    base = _decide(request, year, code)
    try:
        bases.confirm_base(base, by=request.user, seen=request.POST.get("seen", ""))
    except Refused as refused:
        messages.error(request, str(refused))
        return _back(request, year, code, done=False)
    messages.success(request, f"{base.unit}的 {year} 年度基数已确认，即时计入各项数字")
    return _back(request, year, code, done=True)


@require_POST
@login_required
def send_back(request: HttpRequest, year: int, code: str) -> HttpResponse:
    base = _decide(request, year, code)
    reason, seen = request.POST.get("reason", "")[:REASON_SIZE], request.POST.get("seen", "")
    try:
        bases.return_base(base, by=request.user, reason=reason, seen=seen)
    except Refused as refused:
        messages.error(request, str(refused))
        return _back(request, year, code, done=False)
    messages.success(request, f"{base.unit} 的 {year} 年度基数已退回重填")
    return _back(request, year, code, done=True)
