"""催报 by hand: the units ticked on a list, the people who will be told, a wording to change, and off it goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessment import reminding, years
from assessment.standing import rules_of
from cixi_xiezuo.errors import Refused
from units.messages import LONGEST, NOBODY, Reminded, last_reminded, people_of, remind
from units.models import Unit
from units.scope import Scope

MOST = 200
KEPT = 2000  # characters of the list's filters


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remind_units(request: HttpRequest) -> HttpResponse:
    scope = Scope.of(request.user)
    if not scope.reviewing:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    about, year = asked.get("about", ""), years.current(request)
    try:
        rules = {rule.kind: rule for rule in rules_of(year)}
    except Refused as error:
        raise Http404 from error
    if about != reminding.BASES and about not in rules:
        raise Http404
    codes = asked.getlist("unit")[:MOST]
    units = list(scope.remindable().filter(code__in=codes).order_by("code"))
    if codes and not units:
        raise Http404
    kept = QueryDict(asked.get("back", "")[:KEPT]).urlencode()
    back = reverse("bases") if about == reminding.BASES else reverse("standings", args=[about])
    back += f"?{kept}" if kept else ""
    if not units:
        messages.warning(request, "请先勾选要催报的单位")
        return redirect(back)
    title, text = reminding.title(about, year, rules), asked.get("text", "")
    if request.method == "POST":
        try:
            _tell(request, remind(units, by=request.user, title=title, text=text))
            return redirect(back)
        except Refused as error:
            messages.error(request, f"没有发送：{error}")
    told, last = people_of(units), last_reminded(units)
    context: dict[str, Any] = {
        "about": about,
        "rows": [(unit, told[unit.pk], last.get(unit.pk)) for unit in units],
        "nobody": "" if any(told.values()) else NOBODY,
        "title": title,
        "text": text if request.method == "POST" else reminding.wording(about, year, rules),
        "longest": LONGEST,
        "back": back,
        "kept": kept,
    }
    return render(request, "assessment/remind.html", context, status=422 if request.method == "POST" else 200)


def _tell(request: HttpRequest, done: Reminded) -> None:
    if done.units:
        messages.success(request, f"已催报 {len(done.units)} 个单位，消息发给了 {done.people} 人")
    if done.nobody:
        messages.warning(request, f"{_names(done.nobody)} 没有经办人、负责人或审核人账户，没有发出")
    if done.unmailed:
        messages.warning(request, f"邮件服务暂时连不上，{done.unmailed} 封邮件没有发出；站内消息已经送达")


def _names(units: list[Unit]) -> str:
    return "、".join(unit.name for unit in units[:5]) + (f" 等 {len(units)} 个单位" if len(units) > 5 else "")
