"""任务分解 beside its list: the year's tasks from the plan by one button, the board, and 催办."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessment import years
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import told
from initiatives import tasking
from initiatives.filters import found
from initiatives.kinds import KINDS
from initiatives.models import Record
from initiatives.progress import board, reminding
from units.guards import holding, taking_part
from units.messages import LONGEST, Reminded, people_of
from units.models import Role, Unit

KIND = KINDS["task"]


@require_POST
@login_required
def create_tasks(request: HttpRequest) -> HttpResponse:
    scope, year = holding(request, Role.BUREAU, Role.OVERSIGHT), years.current(request)
    mine = scope.by_role[Role.BUREAU] | scope.by_role[Role.OVERSIGHT]
    with told(request):
        office = Unit.objects.filter(pk__in=mine).order_by("code")[0]
        made = tasking.create_tasks(year, office, by=request.user)
        messages.success(
            request, f"已建立 {len(made)} 项任务" if made else f"{year} 年度的任务都已建立，没有新增"
        )
    return redirect("records", "task")


@require_safe
@login_required
def task_board(request: HttpRequest) -> HttpResponse:
    """The tasks of the list's filter; what the columns say already is no filter here."""
    taking_part(request)
    filtered = found(request.user, KIND, years.current(request), request.GET)
    for name in ("state", "light"):
        del filtered.form.fields[name]
    columns = board.columns(filtered.qs)
    context = {
        "kind": KIND,
        "filter": filtered,
        "columns": columns,
        "count": sum(each.count for each in columns),
        "may_remind": reminding.may_remind(request.user),
    }
    return render(request, "initiatives/board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remind_tasks(request: HttpRequest) -> HttpResponse:
    """催办: the tasks ticked on the list or the board, whom that tells, a wording to change, and off it goes."""
    holding(request, Role.BUREAU, Role.OVERSIGHT)
    asked = request.POST if request.method == "POST" else request.GET
    keys = [int(key) for key in asked.getlist("task")[: reminding.MOST] if key.isdecimal() and len(key) < 19]
    records = list(Record.objects.visible_to(request.user).filter(pk__in=keys, kind=KIND.slug))
    if not records:
        messages.warning(request, "请先勾选要催办的任务")
        return redirect("task_board")
    if request.method == "POST":
        try:
            done = reminding.remind_tasks(records, by=request.user, text=request.POST.get("text", ""))
        except Refused as refused:
            messages.error(request, f"没有发送：{refused}")
        else:
            _tell(request, done)
            return redirect("task_board")
    return _asking(request, records)


def _asking(request: HttpRequest, records: list[Record]) -> HttpResponse:
    addressees = reminding.addressees(records, request.user)
    if not addressees:
        messages.warning(request, "所选的任务没有其他单位需要催办：已办结，或者就是本单位的任务")
        return redirect("task_board")
    people = people_of(each.unit for each in addressees)
    posted = request.method == "POST"
    context: dict[str, Any] = {
        "kind": KIND,
        "title": reminding.TITLE,
        "text": request.POST.get("text", "") if posted else reminding.WORDING,
        "longest": LONGEST,
        "tasks": [record.pk for record in records],
        "rows": [(each, people[each.unit.pk]) for each in addressees],
    }
    return render(request, "initiatives/remind.html", context, status=422 if posted else 200)


def _tell(request: HttpRequest, done: Reminded) -> None:
    if done.units:
        messages.success(request, f"已催办 {len(done.units)} 个单位，消息发给了 {done.people} 人")
    if done.nobody:
        names = "、".join(unit.name for unit in done.nobody)
        messages.warning(request, f"{names} 没有经办人、负责人或审核人账户，没有发出")
    if done.unmailed:
        messages.warning(request, f"邮件服务暂时连不上，{done.unmailed} 封邮件没有发出；站内消息已经送达")
