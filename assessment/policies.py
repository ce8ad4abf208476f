"""Storing a year's policy: terms, rules and the sums that follow from them change together or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Prefetch, QuerySet

from assessment import organisers, policy_file
from assessment.models import Policy, PolicyStatus, Rule, RuleKind
from assessment.policy_file import PolicyData, RegionData, RuleData
from cixi_xiezuo import audit
from cixi_xiezuo.errors import Refused
from procurement import tallies
from procurement.imports.report import Report
from procurement.models import Pairing, Purchase, Region, YearTerms
from procurement.models.region import kinds_text
from units.years import YearLock, require_open

READ_BY = ("status", "holidays", "pairings")
"""What decides how a year's lines are read; when it changes, the sums are rebuilt."""


def load_policy(source: Path | str | Mapping[str, Any], *, by: Any = None) -> Report:
    """Store the policy of a file (or of an object shaped like one); the same again changes nothing.

    Raises Refused, storing nothing, when the data are wrong, the policy is sealed or a year it governs locked.
    """
    return store_policy(policy_file.parse(source), by=by)


@transaction.atomic
def store_policy(data: PolicyData, *, by: Any = None) -> Report:
    """Make the policy of a year what `data` says. Purchases already approved are then read by its terms."""
    report = Report(f"{data.year} 年度政策")
    report.notices += add_regions(data.regions, by=by).notices
    regions = _regions(data)
    policy = Policy.objects.select_for_update(of=("self",)).filter(year=data.year).first()
    before, after = (None if policy is None else shown(policy)), _shown(data)
    if before == after:
        report.unchanged = 1
        return report
    if policy is not None and policy.status == PolicyStatus.SEALED:
        raise Refused(f"{data.year} 年度政策已封存，不能再改动")
    governed = years_governed(data.year)
    require_open(governed)
    read_anew = before is None or any(before[part] != after[part] for part in READ_BY)
    policy = _store(data, regions)
    if read_anew:
        years = governed & years_posted()
        if years:
            tallies.rebuild(years=years)
    organisers.refresh()
    audit.record(
        "装载政策", by=by, subject=f"{data.year} 年度政策", title=policy.title, before=before, after=after
    )
    report.created, report.updated = (1, 0) if before is None else (0, 1)
    return report


def _store(data: PolicyData, regions: Mapping[str, Region]) -> Policy:
    terms, _ = YearTerms.objects.update_or_create(
        year=data.year,
        defaults={
            "holidays": data.holidays,
            "holiday_days": data.holiday_days,
            "twice": kinds_text(data.reviewed_twice),
            "in_force": data.status != PolicyStatus.DRAFT,
        },
    )
    terms.pairings.all().delete()
    Pairing.objects.bulk_create(
        Pairing(terms=terms, region=regions[row.region], kind=row.kind, primary=row.primary)
        for row in data.pairings
    )
    policy, _ = Policy.objects.update_or_create(
        year=data.year,
        defaults={
            "title": data.title,
            "document_numbers": data.document_numbers,
            "status": data.status,
            "terms": terms,
        },
    )
    policy.rules.exclude(kind__in=[row.kind for row in data.rules]).delete()
    for position, row in enumerate(data.rules, start=1):
        Rule.objects.update_or_create(
            policy=policy, kind=row.kind, defaults={**asdict(row), "position": position}
        )
    tell_terms(policy)
    return policy


def tell_terms(policy: Policy) -> None:
    """Put on the year's terms what the checks of a submission need of its rules: they do not know the rules."""
    rules = {rule.kind: rule for rule in Rule.objects.filter(policy=policy)}
    cap, total = rules.get(RuleKind.UNION_WELFARE_CAP), rules.get(RuleKind.CITY_TOTAL)
    YearTerms.objects.filter(pk=policy.terms_id).update(
        welfare_per_head=cap.amount if cap else None,
        expired_counts=total is None or total.parameters.get(policy_file.EXPIRED) != "excluded",
    )


def _regions(data: PolicyData) -> dict[str, Region]:
    """The regions a policy pairs, by name. Raises Refused for those nobody knows."""
    names = [row.region for row in data.pairings]
    found = {region.name: region for region in Region.objects.filter(name__in=names)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise Refused(
            f"政策文件有误：pairings 中的产地 {'、'.join(unknown)} 不在产地表内，"
            "请核对名称，或在文件的 regions 中一并列出"
        )
    return found


def add_regions(rows: Iterable[RegionData], *, by: Any = None) -> Report:
    """Add the regions that are not there yet. Those that are stay as they are; a difference is a notice."""
    report = Report("产地")
    known = list(Region.objects.all())
    by_code = {region.code: region for region in known}
    by_name = {region.name: region for region in known}
    new = []
    for row in rows:
        region = by_code.get(row.code) or by_name.get(row.name)
        if region is None:
            new.append(Region(**asdict(row)))
            by_code[row.code] = by_name[row.name] = new[-1]
            continue
        report.unchanged += 1
        if (region.code, region.name, region.is_832) != (row.code, row.name, row.is_832):
            report.notices.append(
                f"产地 {row.name}（{row.code}）与已有的 {region.name}（{region.code}）不一致，保留已有的"
            )
    if new:
        with transaction.atomic():
            Region.objects.bulk_create(new)
            audit.record("装载产地", by=by, subject="产地", added=[region.name for region in new])
    report.created = len(new)
    return report


def years_governed(year: int) -> set[int]:
    """The years read by a year's terms or assessed by its policy: from it until the next one with its own."""
    later = YearTerms.objects.filter(year__gt=year, in_force=True).order_by("year")
    following = later.values_list("year", flat=True).first()
    locked = YearLock.objects.filter(year__gt=year).values_list("year", flat=True)
    years = {year} | years_posted() | set(locked)
    return {each for each in years if year <= each and (following is None or each < following)}


def years_posted() -> set[int]:
    """The years in which there are posted lines."""
    days = Purchase.objects.filter(lines__posted=True, date__isnull=False).dates("date", "year")
    return {day.year for day in days}


def shown(policy: Policy) -> dict[str, Any]:
    """A stored policy as comparable plain values, for the audit trail."""
    rules = sorted(policy.rules.all(), key=lambda rule: rule.position)
    pairings = policy.terms.pairings.all()
    if "pairings" not in getattr(policy.terms, "_prefetched_objects_cache", ()):
        pairings = pairings.select_related("region")
    return {
        "title": policy.title,
        "document_numbers": policy.document_numbers,
        "status": policy.status,
        "holidays": sorted(policy.terms.holidays),
        **({"holiday_days": days} if (days := policy.terms.holiday_days) else {}),
        **({"reviewed_twice": sorted(kinds)} if (kinds := policy.terms.reviewed_twice) else {}),
        "pairings": sorted((row.region.name, row.kind, row.primary) for row in pairings),
        "rules": [{name: getattr(rule, name) for name in RuleData.__dataclass_fields__} for rule in rules],
    }


def edition(policy: Policy) -> str:
    """A mark of all that a policy says: as long as it is the same, nobody has changed anything of it."""
    text = json.dumps(shown(policy), cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def whole() -> QuerySet[Policy]:
    """Policies with everything that `shown` reads: three queries for all of them."""
    pairings = Prefetch("terms__pairings", Pairing.objects.select_related("region"))
    return Policy.objects.select_related("terms").prefetch_related("rules", pairings)


def _shown(data: PolicyData) -> dict[str, Any]:
    return {
        "title": data.title,
        "document_numbers": data.document_numbers,
        "status": data.status,
        "holidays": sorted(data.holidays),
        **({"holiday_days": data.holiday_days} if data.holiday_days else {}),
        **({"reviewed_twice": sorted(data.reviewed_twice)} if data.reviewed_twice else {}),
        "pairings": sorted((row.region, row.kind, row.primary) for row in data.pairings),
        "rules": [asdict(row) for row in data.rules],
    }
