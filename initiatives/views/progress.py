"""What a task is broken down into, and what is reported of it, from its page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import told
from initiatives import papers
from initiatives.acting import perform
from initiatives.forms import RecordForm
from initiatives.kinds import KINDS
from initiatives.models import Milestone, Record
from initiatives.progress import acts, milestones, reports, subtasks
from initiatives.progress.forms import MilestoneForm, ReportForm
from initiatives.progress.quarters import Quarter
from initiatives.views.helped import help_of
from units.guards import holding, taking_part
from units.models import Role


def _mine(request: HttpRequest, pk: int) -> Record:
    """A task that the person may change; Http404 for any other record."""
    taking_part(request)
    rows = Record.objects.visible_to(request.user).editable_by(request.user).select_related("unit")
    record = get_object_or_404(rows, pk=pk)
    if not KINDS[record.kind].broken_down:
        raise Http404
    return record


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_subtask(request: HttpRequest, pk: int) -> HttpResponse:
    parent = _mine(request, pk)
    if not subtasks.may_break_down(parent):
        raise Http404
    kind, units = KINDS[parent.kind], list(subtasks.units_for(parent))
    help_of(request, kind)
    form = RecordForm(request.POST if request.method == "POST" else None, kind, units=units)
    if form.is_bound and form.is_valid():
        try:
            subtasks.add_subtask(parent, form.chosen_unit(), form.content(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已增加子任务")
            return redirect("record", pk)
    context = {"kind": kind, "form": form, "parent": parent, "heading": f"增加“{parent}”的子任务"}
    return render(request, "initiatives/form.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def add_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    record, form = _mine(request, pk), MilestoneForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"没有增加里程碑：{form.sentence()}")
        return redirect("record", pk)
    with told(request, "已增加里程碑"):
        milestones.add_milestone(record, by=request.user, **form.cleaned_data)
    return redirect("record", pk)


@require_POST
@login_required
def milestone_act(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Milestone.objects.select_related("record"), pk=pk)
    _mine(request, found.record_id)
    refused = perform(request, found, acts.MILESTONE)
    if refused is not None:
        messages.error(request, f"没有{refused.act.label}里程碑“{found}”：{refused.form.sentence()}")
    return redirect("record", found.record_id)


@require_POST
@login_required
def file_report(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """报送 the quarter `number` of the year, with files."""
    record, form, quarter = _mine(request, pk), ReportForm(request.POST), Quarter(year, number)
    if not form.is_valid():
        messages.error(request, f"没有报送{quarter}进展：{form.sentence()}")
        return redirect("record", pk)
    with told(request, f"已报送{quarter}进展"):
        made = reports.file_report(record, quarter, by=request.user, text=form.cleaned_data["text"])
        for sentence in papers.attach_all("report", made, request.FILES.getlist("files"), by=request.user):
            messages.error(request, sentence)
    return redirect("record", pk)


@require_POST
@login_required
def return_report(request: HttpRequest, pk: int) -> HttpResponse:
    holding(request, Role.OVERSIGHT, Role.BUREAU)
    report = get_object_or_404(reports.visible(request.user), pk=pk)
    if not reports.sends_back(request.user, report):
        raise Http404
    with told(request, f"已退回{report}"):
        reports.return_report(report, by=request.user, reason=request.POST.get("reason", "")[:1000])
    return redirect("record", report.record_id)
