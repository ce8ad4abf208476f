"""委托代办: what the person has given and received, and giving another."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import told
from units.delegating import colleagues, delegate, end_delegation
from units.forms.delegation import DelegationForm
from units.models import Delegation
from units.scope import REVIEWING, Scope

LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delegations(request: HttpRequest) -> HttpResponse:
    scope, mine = Scope.of(request.user), Q(giver=request.user.pk) | Q(receiver=request.user.pk)
    if not (scope.has(*REVIEWING) or Delegation.objects.filter(mine).exists()):
        raise Http404
    form = DelegationForm(request.POST or None, people=colleagues(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            found = delegate(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已委托 {found.receiver} 自 {found.since} 至 {found.until} 代您审核")
            return redirect("delegations")
    rows = Delegation.objects.filter(mine).select_related("giver", "receiver")[:LISTED]
    today = timezone.localdate()
    context = {
        "form": form,
        "may_give": scope.has(*REVIEWING),
        "rows": [(row, _state(row, today)) for row in rows],
    }
    return render(request, "people/delegations.html", context, status=422 if form.errors else 200)


def _state(row: Delegation, today: object) -> str:
    if row.ended_at is not None:
        return "ended"
    if row.until < today:  # type: ignore[operator]
        return "over"
    return "holding" if row.since <= today else "coming"  # type: ignore[operator]


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Q(giver=request.user.pk) | Q(receiver=request.user.pk)
    row = get_object_or_404(Delegation.objects.filter(mine), pk=pk)
    with told(request, "委托已终止"):
        end_delegation(row, by=request.user)
    return redirect("delegations")
