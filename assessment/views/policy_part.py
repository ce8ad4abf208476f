"""What the pages of a draft policy share: who may, which draft, the way between its parts, and what was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from assessment import policies, years
from assessment.models import Policy, PolicyStatus, RuleKind
from assessment.policy_drafts import EDITORS
from assessment.views.asked import other_year
from cixi_xiezuo.errors import Refused, Stale
from units.guards import holding


def all_policies(request: HttpRequest) -> list[Policy]:
    """Every year's, whole, the latest first. Read once a request."""
    found: list[Policy] | None = getattr(request, "_policies", None)
    if found is None:
        found = list(policies.whole().order_by("-year"))
        request._policies = found  # type: ignore[attr-defined]
        years.remember(request, found)
    return found


def draft_of(request: HttpRequest, year: int) -> Policy | HttpResponse:
    """The year's draft, whole; or where to go instead. 404 for those who may not, and where there is no policy."""
    holding(request, *EDITORS)
    all_policies(request)
    if request.method != "POST" and (elsewhere := other_year(request, year)) is not None:
        return elsewhere
    policy = next((each for each in all_policies(request) if each.year == year), None)
    if policy is None:
        raise Http404
    if policy.status != PolicyStatus.DRAFT:
        messages.warning(
            request, f"{year} 年度政策为“{policy.get_status_display()}”，只有草拟中的政策可以修改"
        )
        return redirect("policy", year=year)
    request._year = year  # type: ignore[attr-defined]
    return policy


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a draft, as the list of its parts shows it. `missing`: a rule that it has not got."""

    title: str
    url: str
    current: bool
    missing: bool = False


def steps(policy: Policy, current: str) -> list[Step]:
    """`current`: "head", "pairings", "force" or the kind of a rule."""
    year = policy.year
    rules = {rule.kind: rule for rule in policy.rules.all()}
    found = [
        Step("标题、目标、节日", reverse("policy_head", args=[year]), current == "head"),
        Step("结对地区", reverse("policy_pairings", args=[year]), current == "pairings"),
    ]
    for kind in [*rules, *(kind for kind in RuleKind.values if kind not in rules)]:
        title = rules[kind].title if kind in rules else RuleKind(kind).label
        address = reverse("policy_rule", args=[year, kind])
        found.append(Step(title, address, current == kind, kind not in rules))
    return [*found, Step("预览并执行", reverse("policy_force", args=[year]), current == "force")]


def refused(form: forms.Form, verb: Callable[[], Any]) -> int:
    """Run a verb; what it refuses is put on top of the form. The page's status: 0 when it was done."""
    try:
        verb()
    except Stale as stale:
        form.add_error(None, str(stale))
        return 409
    except Refused as said:
        form.add_error(None, str(said))
        return 422
    return 0
