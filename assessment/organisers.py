"""Who organises which units, from the latest policy in force, for whoever asks what a person may see."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from assessment.models import Policy, PolicyStatus, Rule, RuleKind
from assessment.rules.standing import Standing
from units.organising import set_organised

CITY = (RuleKind.CITY_TOTAL, RuleKind.DEPT_TOWN_TOTAL)
ORGANISING = "组织"
"""The duty that makes a unit an organiser; others (指导, 配合, …) give no view of the units."""


def refresh() -> None:
    """Write the organisers of the latest policy in force where `units.scope` reads them.

    Part of every verb that changes which policy that is.
    """
    governing = Policy.objects.exclude(status=PolicyStatus.DRAFT).order_by("-year").first()
    rules = governing.rules.all() if governing else []
    set_organised(row for rule in rules for row in organised(rule))


def organised(rule: Rule) -> Iterator[tuple[str, str]]:
    """(unit's name, kind) of those who organise, and of those who lead, the rule's units (docs/rules.md)."""
    for row in rule.organisers:
        if row.get("duty") == ORGANISING:
            for kind in row.get("kinds", []):
                yield row.get("unit", ""), kind
    if rule.kind in CITY:
        return  # led by 市商务局 and 市对口支援办, who see the whole city by their roles
    for name in filter(None, re.split(r"[、，,\s]+", rule.lead)):
        for kind in rule.subject_kinds:
            yield name, kind


def by_organiser(rule: Rule, standings: list[Standing]) -> Mapping[str, list[Standing]]:
    """Organiser's name → the standings of the units it organises on this rule."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for name, kind in organised(rule):
        kinds[name].add(kind)
    mine = [each for each in standings if each.rule == rule.kind]
    found = {name: [each for each in mine if each.unit.kind in those] for name, those in kinds.items()}
    return {name: rows for name, rows in found.items() if rows}


def led_by(names: Iterable[str], year: int) -> list[str]:
    """The kinds of rule that some units lead or organise by the policy a year is read by, in its order. Two queries."""
    policy = (
        Policy.objects.exclude(status=PolicyStatus.DRAFT).filter(year__lte=year).order_by("-year").first()
    )
    wanted = set(names)
    rules = policy.rules.all() if policy else []
    return [rule.kind for rule in rules if wanted & {name for name, _ in organised(rule)}]
