"""A new year's policy: copied from the year before as a draft, edited while 草拟, then put in force."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from assessment.models import Policy, PolicyStatus, Rule
from assessment.policies import shown, years_governed, years_posted
from assessment.policy_file import PARAMETERS, WITH_AMOUNT, WITH_PERCENT
from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import tallies
from procurement.models import Pairing, YearTerms
from units.models import Role
from units.scope import Scope
from units.years import require_open

EDITABLE = (
    "title",
    "amount",
    "percent",
    "parameters",
    "lead",
    "organisers",
    "subject_kinds",
    "clause",
    "quote",
)


def require_editor(by: Any) -> None:
    if by is not None and not Scope.of(by).has(Role.BUREAU, Role.SYSTEM_ADMIN):
        raise NotAllowed("您没有维护年度政策的权限")


def _draft(policy: Policy) -> Policy:
    policy = Policy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    if policy.status != PolicyStatus.DRAFT:
        raise Refused(f"{policy.year} 年度政策为“{policy.get_status_display()}”，只有草拟中的政策可以修改")
    return policy


@transaction.atomic
def copy_policy(source: Policy, year: int, *, by: Any) -> Policy:
    """从上一年新建: the whole policy under another year, as a draft that governs nothing yet."""
    require_editor(by)
    if not 2000 <= year <= 2100:
        raise Refused(f"年度“{year}”不对，应在 2000 到 2100 之间")
    if Policy.objects.filter(year=year).exists():
        raise Refused(f"{year} 年度已有政策")
    terms = YearTerms.objects.create(year=year, holidays=source.terms.holidays, in_force=False)
    Pairing.objects.bulk_create(
        Pairing(terms=terms, region=pairing.region, kind=pairing.kind, primary=pairing.primary)
        for pairing in source.terms.pairings.all()
    )
    policy = Policy.objects.create(
        year=year,
        title=re.sub(rf"(?<!\d){source.year}(?!\d)", str(year), source.title),
        document_numbers="",
        status=PolicyStatus.DRAFT,
        terms=terms,
    )
    for rule in source.rules.all():
        Rule.objects.create(policy=policy, kind=rule.kind, position=rule.position, **_values(rule))
    audit.record("新建政策", by=by, subject=f"{year} 年度政策", copied_from=source.year)
    return policy


def _values(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in EDITABLE}


@transaction.atomic
def edit_policy(
    policy: Policy,
    *,
    by: Any,
    title: str | None = None,
    document_numbers: str | None = None,
    holidays: list[str] | None = None,
    pairings: dict[Any, tuple[str, bool]] | None = None,
) -> Policy:
    """Change the head of a draft. `pairings`: Region → (kind, primary), all of them."""
    require_editor(by)
    policy = _draft(policy)
    before = shown(policy)
    policy.title = title if title is not None else policy.title
    policy.document_numbers = document_numbers if document_numbers is not None else policy.document_numbers
    if not policy.title.strip():
        raise Refused("请填写政策标题")
    policy.save()
    if holidays is not None:
        policy.terms.holidays = holidays
        policy.terms.save()
    if pairings is not None:
        policy.terms.pairings.all().delete()
        Pairing.objects.bulk_create(
            Pairing(terms=policy.terms, region=region, kind=kind, primary=primary)
            for region, (kind, primary) in pairings.items()
        )
    _log(policy, by, before)
    return policy


@transaction.atomic
def edit_rule(rule: Rule, *, by: Any, **values: Any) -> Rule:
    """Change a rule of a draft (names of EDITABLE)."""
    require_editor(by)
    policy = _draft(rule.policy)
    before = shown(policy)
    rule = Rule.objects.get(pk=rule.pk)
    for name in values.keys() & set(EDITABLE):
        setattr(rule, name, values[name])
    if (wrong := problem(rule)) is not None:
        raise Refused(f"{rule.title}：{wrong}")
    rule.save()
    _log(policy, by, before)
    return rule


def problem(rule: Rule) -> str | None:
    """What is wrong with a rule's values, in Chinese; None when nothing is."""
    if rule.kind in WITH_AMOUNT and (rule.amount is None or rule.amount < 0):
        return "请填写金额，不能为负数"
    if rule.kind in WITH_PERCENT and rule.percent is None:
        return "请填写比例"
    if rule.percent is not None and not 0 <= rule.percent <= 100:
        return "比例应在 0 到 100 之间"
    for name, value in rule.parameters.items():
        allowed = PARAMETERS.get(rule.kind, {}).get(name, ())
        if value not in allowed:
            return f"口径参数 {name} 应为 {'、'.join(allowed)} 之一"
    return None


@transaction.atomic
def put_in_force(policy: Policy, *, by: Any) -> Policy:
    """草拟 → 执行: from now on its year, and later ones without a policy of their own, are read by it."""
    require_editor(by)
    policy = _draft(policy)
    wrong = [f"{rule.title}：{said}" for rule in policy.rules.all() if (said := problem(rule)) is not None]
    if wrong:
        raise Refused("；".join(wrong))
    governed = years_governed(policy.year)
    require_open(governed)
    policy.status = PolicyStatus.IN_FORCE
    policy.save()
    policy.terms.in_force = True
    policy.terms.save()
    if years := governed & years_posted():
        tallies.rebuild(years=years)
    audit.record("执行政策", by=by, subject=f"{policy.year} 年度政策", years=sorted(governed))
    return policy


def _log(policy: Policy, by: Any, before: dict[str, Any]) -> None:
    after = shown(Policy.objects.get(pk=policy.pk))
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        audit.record("修改政策", by=by, subject=f"{policy.year} 年度政策", changed=changed)
