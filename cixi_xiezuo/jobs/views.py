"""我的任务: a person's own jobs; followed while they run, their files fetched afterwards."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cixi_xiezuo.downloads import sandboxed
from cixi_xiezuo.jobs import work
from cixi_xiezuo.jobs.models import Job
from cixi_xiezuo.jobs.progress import Shown, shown
from cixi_xiezuo.pages import page_of, told

PER_PAGE = 20


def _rows(request: HttpRequest) -> dict[str, Any]:
    page = page_of(request, Job.objects.of(request.user), PER_PAGE)
    pending = [job.pk for job in page if job.pending]
    steps = shown(pending)
    rows = [(job, steps.get(job.pk, Shown())) for job in page]
    return {"page": page, "rows": rows, "pending": bool(pending)}


@require_safe
@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    return render(request, "jobs/tasks.html", _rows(request))


@require_safe
@login_required
def task_list(request: HttpRequest) -> HttpResponse:
    """The list alone, asked for again and again while something runs."""
    return render(request, "jobs/task_list.html", _rows(request))


@require_safe
@login_required
def task_file(request: HttpRequest, pk: int) -> FileResponse:
    job = get_object_or_404(Job.objects.of(request.user).exclude(file=""), pk=pk)
    try:
        content = storages["work"].open(job.file, "rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=job.file_name, content_type="application/octet-stream"
    )
    return sandboxed(response)


@require_POST
@login_required
def task_remove(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.of(request.user), pk=pk)
    with told(request, f"已删除任务“{job}”"):
        work.remove(job, by=request.user)
    return redirect("tasks")
