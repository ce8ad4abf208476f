"""A new year's policy: copied from the year before as a draft, edited while 草拟, then put in force.

`edition` is the mark (`policies.edition`) of what the person saw: whatever else was saved meanwhile, and the verb
raises Stale instead of writing over it. None is for commands and does not ask.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessment import organisers, policies, policy_trail
from assessment.models import Policy, PolicyStatus, Rule, RuleKind
from assessment.policies import shown, years_governed, years_posted
from assessment.policy_faults import faults, hindrances, unknown_holidays
from assessment.policy_file import TOTALS, RegionData
from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from procurement import tallies
from procurement.choices import Holiday, PairingKind
from procurement.holidays import day_of
from procurement.models import Pairing, Region, YearTerms
from procurement.models.region import kinds_text
from units.kinds import Kind
from units.models import Role
from units.scope import Scope
from units.years import require_open

EDITORS = (Role.BUREAU, Role.SYSTEM_ADMIN)
MAY_FORCE = (Role.BUREAU,)
"""What the city asks for is the bureau's to decide; the administrator may prepare it (docs/decisions/policies.md)."""
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
    if by is not None and not Scope.of(by).has(*EDITORS):
        raise NotAllowed("您没有维护年度政策的权限")


def _draft(policy: Policy, edition: str | None) -> Policy:
    """The policy as it is stored now, held until the transaction ends. Raises Refused, or Stale."""
    found = policies.whole().select_for_update(of=("self",)).filter(pk=policy.pk).first()
    if found is None:
        raise Refused(f"{policy.year} 年度的草稿已被删除")
    if found.status != PolicyStatus.DRAFT:
        raise Refused(f"{found.year} 年度政策为“{found.get_status_display()}”，只有草拟中的政策可以修改")
    if edition is not None and edition != policies.edition(found):
        last = policy_trail.last_changes([found.year]).get(found.year)
        who = f"由 {last.actor} 于 {timezone.localtime(last.at):%m-%d %H:%M} " if last else ""
        raise Stale(f"{found.year} 年度政策在您打开之后已{who}改动，请重新打开、核对后再改")
    return found


@transaction.atomic
def copy_policy(source: Policy, year: int, *, by: Any) -> Policy:
    """从上一年新建: the whole policy under another year, as a draft that governs nothing yet."""
    require_editor(by)
    if not 2000 <= year <= 2100:
        raise Refused(f"年度“{year}”不对，应在 2000 到 2100 之间")
    existing = Policy.objects.filter(year=year).first()
    if existing is not None:
        raise Refused(f"{year} 年度已有政策（{existing.get_status_display()}），不能再新建")
    try:
        with transaction.atomic():
            terms = YearTerms.objects.create(
                year=year,
                holidays=source.terms.holidays,
                twice=source.terms.twice,
                in_force=False,
            )
    except IntegrityError as error:
        raise Refused(f"{year} 年度已有政策，不能再新建") from error
    Pairing.objects.bulk_create(
        Pairing(terms=terms, region=pairing.region, kind=pairing.kind, primary=pairing.primary)
        for pairing in source.terms.pairings.select_related("region")
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
    policies.tell_terms(policy)
    audit.record("新建政策", by=by, subject=policy_trail.subject(year), copied_from=source.year)
    return policy


def _values(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in EDITABLE}


@transaction.atomic
def edit_policy(
    policy: Policy,
    *,
    by: Any,
    edition: str | None = None,
    title: str | None = None,
    document_numbers: str | None = None,
    holidays: list[str] | None = None,
    holiday_days: Mapping[str, datetime.date] | None = None,
    reviewed_twice: list[str] | None = None,
    targets: Mapping[str, Decimal] | None = None,
) -> Policy:
    """Change the head of a draft. `targets`: kind of a total → 元, for the policy's two totals.

    `holiday_days`: holiday → its day in that year; those that the calendar knows the same way are not kept.
    """
    require_editor(by)
    policy = _draft(policy, edition)
    before = shown(policy)
    policy.title = (title if title is not None else policy.title).strip()
    if document_numbers is not None:
        policy.document_numbers = document_numbers.strip()
    if not policy.title:
        raise Refused("请填写政策标题")
    if len(policy.title) > 200 or len(policy.document_numbers) > 200:
        raise Refused("政策标题和文号最多 200 个字")
    policy.save()
    if holidays is not None:
        if unknown := unknown_holidays(holidays):
            raise Refused(f"没有这样的法定节日：{'、'.join(unknown)}")
        policy.terms.holidays = holidays
    if holiday_days is not None:
        policy.terms.holiday_days = _set_days(policy.year, holiday_days)
    if reviewed_twice is not None:
        if unknown := sorted(set(reviewed_twice) - set(Kind.values)):
            raise Refused(f"没有这样的单位类别：{'、'.join(unknown)}")
        policy.terms.twice = kinds_text(reviewed_twice)
    policy.terms.save()
    for rule in policy.rules.all():
        if targets and rule.kind in TOTALS & targets.keys():
            rule.amount = targets[rule.kind]
            _save(rule)
    _log(policy, by, before)
    return policy


def _set_days(year: int, days: Mapping[str, datetime.date]) -> dict[str, str]:
    if unknown := unknown_holidays(days):
        raise Refused(f"没有这样的法定节日：{'、'.join(unknown)}")
    for code, day in days.items():
        if day.year != year:
            raise Refused(f"{Holiday(code).label}的日期 {day} 不在 {year} 年度内")
    return {code: day.isoformat() for code, day in days.items() if day != day_of(Holiday(code), year)}


@transaction.atomic
def edit_pairings(
    policy: Policy,
    *,
    by: Any,
    edition: str | None = None,
    pairings: Mapping[str, tuple[str, bool]],
    regions: Iterable[RegionData] = (),
) -> Policy:
    """Replace the pairings of a draft: name of a region → (kind, primary). `regions` are added to the table first."""
    require_editor(by)
    policy = _draft(policy, edition)
    before = shown(policy)
    policies.add_regions(regions, by=by)
    known = {region.name: region for region in Region.objects.filter(name__in=pairings)}
    if unknown := sorted(pairings.keys() - known.keys()):
        raise Refused(f"产地 {'、'.join(unknown)} 不在产地表内，请核对名称")
    if any(kind not in PairingKind.values for kind, _ in pairings.values()):
        raise Refused(f"结对类别应为 {'、'.join(map(str, PairingKind.labels))} 之一")
    policy.terms.pairings.all().delete()
    Pairing.objects.bulk_create(
        Pairing(terms=policy.terms, region=known[name], kind=kind, primary=primary)
        for name, (kind, primary) in pairings.items()
    )
    _log(policy, by, before)
    return policy


@transaction.atomic
def edit_rule(rule: Rule, *, by: Any, edition: str | None = None, **values: Any) -> Rule:
    """Change a rule of a draft (names of EDITABLE)."""
    require_editor(by)
    policy = _draft(rule.policy, edition)
    before = shown(policy)
    found = next((each for each in policy.rules.all() if each.pk == rule.pk), None)
    if found is None:
        raise Refused(f"规则“{rule.title}”已从 {policy.year} 年度政策中删除")
    _fill(found, values)
    _log(policy, by, before)
    return found


@transaction.atomic
def add_rule(policy: Policy, kind: str, *, by: Any, edition: str | None = None, **values: Any) -> Rule:
    """Add a rule of a known kind to a draft that has none of it (names of EDITABLE)."""
    require_editor(by)
    policy = _draft(policy, edition)
    before = shown(policy)
    if kind not in RuleKind.values:
        raise Refused(f"没有“{kind}”这种规则")
    if any(rule.kind == kind for rule in policy.rules.all()):
        raise Refused(f"{policy.year} 年度政策已有“{RuleKind(kind).label}”这条规则")
    last = max((rule.position for rule in policy.rules.all()), default=0)
    rule = Rule(policy=policy, kind=kind, position=last + 1)
    _fill(rule, values)
    _log(policy, by, before)
    return rule


@transaction.atomic
def remove_rule(rule: Rule, *, by: Any, edition: str | None = None) -> None:
    """Take a rule out of a draft; the two totals stay in every policy."""
    require_editor(by)
    policy = _draft(rule.policy, edition)
    before = shown(policy)
    if rule.kind in TOTALS:
        raise Refused(f"“{rule.title}”每个年度政策都要有，不能删除")
    policy.rules.filter(pk=rule.pk).delete()
    policies.tell_terms(policy)
    _log(policy, by, before)


def _fill(rule: Rule, values: Mapping[str, Any]) -> None:
    for name in values.keys() & set(EDITABLE):
        setattr(rule, name, values[name])
    _save(rule)


def _save(rule: Rule) -> None:
    for _field, sentence in faults(rule):
        raise Refused(f"{rule.title or rule.get_kind_display()}：{sentence}")
    rule.save()
    policies.tell_terms(rule.policy)


@transaction.atomic
def put_in_force(policy: Policy, *, by: Any, edition: str | None = None) -> Policy:
    """草拟 → 执行: from now on its year, and later ones without a policy of their own, are read by it."""
    if by is not None and not Scope.of(by).has(*MAY_FORCE):
        raise NotAllowed("政策由市商务局执行，系统管理员只能准备草稿")
    policy = _draft(policy, edition)
    if wrong := list(hindrances(policy)):
        raise Refused("；".join(wrong))
    governed = years_governed(policy.year)
    require_open(governed)
    policy.status = PolicyStatus.IN_FORCE
    policy.save()
    policy.terms.in_force = True
    policy.terms.save()
    if years := governed & years_posted():
        tallies.rebuild(years=years)
    organisers.refresh()
    audit.record(
        "执行政策",
        by=by,
        subject=policy_trail.subject(policy.year),
        years=sorted(governed),
        changed={"status": [PolicyStatus.DRAFT, PolicyStatus.IN_FORCE]},
    )
    return policy


@transaction.atomic
def discard(policy: Policy, *, by: Any, edition: str | None = None) -> None:
    """Delete a draft. What it said stays in the trail."""
    require_editor(by)
    policy = _draft(policy, edition)
    audit.record("删除草稿", by=by, subject=policy_trail.subject(policy.year), before=shown(policy))
    terms = policy.terms
    policy.delete()
    terms.delete()


def _log(policy: Policy, by: Any, before: dict[str, Any]) -> None:
    """Put on record what changed, value by value, before and after; nothing where nothing did."""
    old, new = _flat(before), _flat(shown(policies.whole().get(pk=policy.pk)))
    changed = {
        name: [old.get(name), new.get(name)]
        for name in [*old, *sorted(new.keys() - old.keys())]
        if old.get(name) != new.get(name)
    }
    if changed:
        audit.record("修改政策", by=by, subject=policy_trail.subject(policy.year), changed=changed)


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a policy says as single named values: "pairings.布拖县", "rules.canteen_share.percent"."""
    found = {name: value for name, value in values.items() if name not in ("pairings", "rules")}
    found |= {f"pairings.{region}": [kind, primary] for region, kind, primary in values["pairings"]}
    for rule in values["rules"]:
        found |= {f"rules.{rule['kind']}.{name}": value for name, value in rule.items()}
    return found
