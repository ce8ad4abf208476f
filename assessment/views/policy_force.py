"""执行: what a draft would change, and putting it in force."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessment import policies, policy_drafts
from assessment.policy_faults import hindrances
from assessment.policy_preview import Preview
from assessment.views.policy_part import all_policies, draft_of, steps
from cixi_xiezuo.pages import page_of, told
from units.guards import holding
from units.scope import Scope


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def policy_force(request: HttpRequest, year: int) -> HttpResponse:
    policy = draft_of(request, year)
    if isinstance(policy, HttpResponse):
        return policy
    scope = Scope.of(request.user)
    if request.method == "POST":
        holding(request, *policy_drafts.MAY_FORCE)
        done = f"{year} 年度政策已执行，有关年度的数字已按它重新计算"
        with told(request, done):
            policy_drafts.put_in_force(policy, by=request.user, edition=request.POST.get("edition", ""))
            return redirect("policy", year=year)
        return redirect("policy_force", year=year)
    preview = Preview(policy, all_policies(request), timezone.localdate())
    asked = request.GET.get("of", "")
    chosen = int(asked) if asked.isdecimal() and int(asked) in preview.years else policy.year
    outlook = preview.outlook(chosen)
    visible = None if scope.everything else set(scope.visible().values_list("pk", flat=True))
    moved = [row for row in outlook.moved if visible is None or row.unit.id in visible]
    context = {
        "policy": policy,
        "steps": steps(policy, "force"),
        "edition": policies.edition(policy),
        "preview": preview,
        "outlook": outlook,
        "strangers": preview.strangers(outlook.after.facts.units.values()),
        "hindrances": list(hindrances(policy)),
        "moved": len(outlook.moved),
        "turned": sum(row.turns for row in outlook.moved),
        "hidden": len(outlook.moved) - len(moved),
        "page": page_of(request, moved),
        "everything": scope.everything,
        "may_force": scope.has(*policy_drafts.MAY_FORCE),
    }
    return render(request, "assessment/policy_edit/force.html", context)
