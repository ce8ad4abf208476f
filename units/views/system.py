"""系统状态: what each part of the installation says, what waits in the background, and what was given up."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cixi_xiezuo import doctor
from cixi_xiezuo.outbox import work
from cixi_xiezuo.pages import page_of, told
from units.guards import holding
from units.models import Role


@require_safe
@login_required
def system(request: HttpRequest) -> HttpResponse:
    holding(request, Role.SYSTEM_ADMIN)
    page = page_of(request, work.given_up(), 20)
    context = {"queue": work.queue(), "page": page, "rows": [(work.title(each), each) for each in page]}
    return render(request, "people/system.html", context)


@require_safe
@login_required
def system_state(request: HttpRequest) -> HttpResponse:
    """What `doctor` finds: asked for by the page once it stands, since parts that are away take seconds."""
    holding(request, Role.SYSTEM_ADMIN)
    return render(request, "people/system_state.html", {"findings": list(doctor.examine())})


@require_POST
@login_required
def retry_errand(request: HttpRequest, pk: int) -> HttpResponse:
    holding(request, Role.SYSTEM_ADMIN)
    with told(request, "已重新开始"):
        work.retry(pk, by=request.user)
    return redirect("system")
