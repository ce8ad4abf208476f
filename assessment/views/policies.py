"""年度政策: all years' policies, and a new one from the year before."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessment import policy_drafts, policy_trail
from assessment.models import Policy, PolicyStatus
from assessment.policy_drafts import EDITORS
from cixi_xiezuo.errors import Refused
from units.guards import holding
from units.scope import Scope


@require_safe
@login_required
def policies(request: HttpRequest) -> HttpResponse:
    """Drafts are shown to those who write them."""
    editor = Scope.of(request.user).has(*EDITORS)
    rows = Policy.objects.order_by("-year")
    if not editor:
        rows = rows.exclude(status=PolicyStatus.DRAFT)
    changes = policy_trail.last_changes(policy.year for policy in rows)
    context = {
        "editor": editor,
        "rows": [(policy, changes.get(policy.year)) for policy in rows],
        "following": rows[0].year + 1 if rows else None,
    }
    return render(request, "assessment/policies.html", context)


@require_POST
@login_required
def new_policy(request: HttpRequest) -> HttpResponse:
    """从上一年新建: `year` copies the policy of the latest year before it."""
    holding(request, *EDITORS)
    text = request.POST.get("year", "").strip()
    if not text.isascii() or not text.isdecimal() or len(text) != 4:
        messages.error(request, f"年度“{text[:20]}”不对，应为四位数字，如 2022")
        return redirect("policies")
    year = int(text)
    source = Policy.objects.filter(year__lt=year).select_related("terms").order_by("-year").first()
    if source is None:
        messages.error(request, f"{year} 年度以前还没有政策，没有可以复制的")
        return redirect("policies")
    try:
        made = policy_drafts.copy_policy(source, year, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("policies")
    messages.success(request, f"已从 {source.year} 年度复制为 {year} 年度草稿，执行之前不影响任何数字")
    return redirect("policy_head", year=made.year)
