"""The parts of a draft policy, each a form of its own: head, pairings, one rule; and deleting the draft."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assessment import policies, policy_drafts, policy_words
from assessment.forms.pairings import BLANK_ROWS, BaseNewRegions, NewRegions, PairingsForm
from assessment.forms.policy_head import HeadForm
from assessment.forms.rule import DUTIES, BaseOrganisers, Organisers, RuleForm, organisers_of
from assessment.models import Policy, Rule, RuleKind
from assessment.policy_file import TOTALS
from assessment.views.policy_part import draft_of, refused, steps
from cixi_xiezuo.pages import told
from procurement.models import Region
from units.kinds import Kind
from units.models import Unit

NOT_SAVED = "还没有保存：有几处填写需要改正，已在下面标出"


def _page(
    request: HttpRequest, policy: Policy, current: str, template: str, status: int, context: dict[str, Any]
) -> HttpResponse:
    if status == 422:
        messages.error(request, NOT_SAVED)
    shared = {"policy": policy, "steps": steps(policy, current), "stale": status == 409}
    return render(request, f"assessment/policy_edit/{template}.html", shared | context, status=status)


def _edition(request: HttpRequest) -> str:
    """What the person saw; one that was left out is none that is known."""
    return request.POST.get("edition", "")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def policy_head(request: HttpRequest, year: int) -> HttpResponse:
    policy = draft_of(request, year)
    if isinstance(policy, HttpResponse):
        return policy
    posted = request.POST if request.method == "POST" else None
    form = HeadForm(posted, policy=policy, edition=policies.edition(policy))
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            save = partial(policy_drafts.edit_policy, policy, by=request.user, edition=_edition(request))
            status = refused(form, lambda: save(**form.values()))
        if not status:
            messages.success(request, "已保存标题、目标和节日")
            return redirect("policy", year=year)
    return _page(request, policy, "head", "head", status, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def policy_pairings(request: HttpRequest, year: int) -> HttpResponse:
    policy = draft_of(request, year)
    if isinstance(policy, HttpResponse):
        return policy
    posted = _with_rows(request, "new", BLANK_ROWS)
    regions = list(Region.objects.all())
    form = PairingsForm(posted, policy=policy, regions=regions, edition=policies.edition(policy))
    rows = cast("BaseNewRegions", NewRegions(posted, prefix="new", form_kwargs={"known": regions}))
    status = 200
    if posted is not None and "add_row" not in posted:
        status = 422
        if all([form.is_valid(), rows.is_valid()]):
            save = partial(policy_drafts.edit_pairings, policy, by=request.user, edition=_edition(request))
            paired = form.pairings() | rows.pairings()
            status = refused(form, lambda: save(pairings=paired, regions=rows.regions()))
        if not status:
            messages.success(request, f"已保存结对地区，共 {len(paired)} 个")
            return redirect(reverse("policy", args=[year]) + "#pairings")
    return _page(request, policy, "pairings", "pairings", status, {"form": form, "new": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def policy_rule(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """A rule of the draft, or one of a known kind to be added to it."""
    if kind not in RuleKind.values:
        raise Http404
    policy = draft_of(request, year)
    if isinstance(policy, HttpResponse):
        return policy
    stored = next((rule for rule in policy.rules.all() if rule.kind == kind), None)
    rule = stored or Rule(policy=policy, kind=kind, title=RuleKind(kind).label)
    title = rule.title
    posted = _with_rows(request, "organisers", 1)
    form = RuleForm(posted, rule=rule, edition=policies.edition(policy))
    rows = cast("BaseOrganisers", Organisers(posted, prefix="organisers", initial=list(organisers_of(rule))))
    status = 200
    if posted is not None and "add_row" not in posted:
        status = 422
        if all([form.is_valid(), rows.is_valid()]):
            by, edition = request.user, _edition(request)
            values = form.values() | {"organisers": rows.rows()}
            status = refused(
                form,
                lambda: (
                    policy_drafts.edit_rule(stored, by=by, edition=edition, **values)
                    if stored
                    else policy_drafts.add_rule(policy, kind, by=by, edition=edition, **values)
                ),
            )
        if not status:
            messages.success(request, f"已保存“{rule.title}”：{policy_words.asked(rule)}")
            return redirect(reverse("policy", args=[year]) + f"#{kind}")
    departments = Unit.objects.filter(kind=Kind.DEPARTMENT, active=True).order_by("code")
    context = {
        "form": form,
        "organisers": rows,
        "title": title,
        "kind": kind,
        "stored": stored is not None,
        "removable": stored is not None and kind not in TOTALS,
        "duties": DUTIES,
        "departments": departments.values_list("name", flat=True),
    }
    return _page(request, policy, kind, "rule", status, context)


def _with_rows(request: HttpRequest, prefix: str, more: int) -> Any:
    """What was posted; with blank rows added to a formset where they were asked for. None for a look."""
    if request.method != "POST":
        return None
    if "add_row" not in request.POST:
        return request.POST
    posted = request.POST.copy()
    total = posted.get(f"{prefix}-TOTAL_FORMS", "")
    posted[f"{prefix}-TOTAL_FORMS"] = str((int(total) if total.isdecimal() else 0) + more)
    return posted


@require_POST
@login_required
def policy_rule_remove(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    policy = draft_of(request, year)
    if isinstance(policy, HttpResponse):
        return policy
    rule = next((rule for rule in policy.rules.all() if rule.kind == kind), None)
    if rule is None:
        raise Http404
    with told(request, f"已从草稿中删除规则“{rule.title}”"):
        policy_drafts.remove_rule(rule, by=request.user, edition=_edition(request))
    return redirect("policy", year=year)


@require_POST
@login_required
def policy_discard(request: HttpRequest, year: int) -> HttpResponse:
    policy = draft_of(request, year)
    if isinstance(policy, HttpResponse):
        return policy
    with told(request, f"已删除 {year} 年度政策草稿"):
        policy_drafts.discard(policy, by=request.user, edition=_edition(request))
    return redirect("policies")
