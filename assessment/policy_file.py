"""A year's policy as a JSON file → checked values. Another year or another city is another such file.

Amounts are text in 元 ("35000000.00"), percentages text or numbers with up to two decimals; regions are named
as in the regions file; kinds, holidays and pairings by their code or their Chinese label. A file for another
city may bring its own regions under "regions". Whatever is wrong is told in one Chinese sentence each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from assessment.jsonread import (
    Reader,
    amount,
    day_text,
    document,
    many_of,
    mapping,
    one_of,
    percent,
    text,
    texts,
    word,
    year,
    yes_no,
)
from assessment.models import PolicyStatus, RuleKind
from assessment.rules import canteen_share, dept_town_total
from procurement.choices import Holiday, PairingKind
from units.kinds import Kind

TOTALS = frozenset({RuleKind.CITY_TOTAL, RuleKind.DEPT_TOWN_TOTAL})
"""Every policy has these two."""
WITH_AMOUNT = TOTALS | {RuleKind.UNION_WELFARE_CAP}
WITH_PERCENT = frozenset({RuleKind.CANTEEN_SHARE, RuleKind.UNION_HOLIDAY_SHARE})
EXPIRED = "expired_recognition"
PARAMETERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    RuleKind.CITY_TOTAL: {EXPIRED: ("counted", "excluded")},
    RuleKind.CANTEEN_SHARE: {canteen_share.COUNTIES: ("is_832", "paired")},
    RuleKind.DEPT_TOWN_TOTAL: {
        dept_town_total.COMMERCE: ("excluded", "included"),
        dept_town_total.LISTED: ("none", "supervisor"),
    },
    RuleKind.UNION_WELFARE_CAP: {"excess": ("counted",)},
}
"""The readings each rule knows; a policy that leaves one out gets the first."""
UNSAID = frozenset({EXPIRED})
"""Readings younger than some sealed policy: left out, they are not written into it, and the first holds all the same."""


@dataclass(frozen=True, slots=True)
class RegionData:
    code: str
    name: str
    prefecture: str
    is_832: bool


@dataclass(frozen=True, slots=True)
class PairingData:
    region: str
    kind: str
    primary: bool


@dataclass(frozen=True, slots=True)
class RuleData:
    """Field by field as `assessment.models.Rule`; `amount` in 元."""

    kind: str
    title: str
    subject_kinds: list[str]
    amount: Decimal | None
    percent: Decimal | None
    parameters: dict[str, str]
    lead: str
    organisers: list[dict[str, Any]]
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class PolicyData:
    year: int
    title: str
    document_numbers: str
    status: str
    holidays: list[str]
    holiday_days: dict[str, str]
    pairings: list[PairingData]
    rules: list[RuleData]
    regions: list[RegionData] = field(default_factory=list)
    reviewed_twice: list[str] = field(default_factory=list)


def parse(source: Path | str | Mapping[str, Any]) -> PolicyData:
    """A policy file → its values. Raises Refused naming every place that is wrong."""
    top = Reader(document(source))
    policy = PolicyData(
        year=top.take("year", year),
        title=top.take("title", text(200)),
        document_numbers="、".join(top.take("document_numbers", texts, default=[])),
        status=top.take("status", one_of(PolicyStatus), default=PolicyStatus.DRAFT.value),
        holidays=top.take("holidays", many_of(Holiday)),
        holiday_days=_holiday_days(top),
        pairings=[_pairing(each) for each in top.each("pairings")],
        rules=[_rule(each) for each in top.each("rules")],
        regions=[region(each) for each in top.each("regions", default=[])],
        reviewed_twice=top.take("reviewed_twice", many_of(Kind), default=[]),
    )
    if not top.problems:
        _consistent(policy, top.problems)
    top.finish("政策文件")
    return policy


def regions(source: Path | str | Mapping[str, Any]) -> list[RegionData]:
    """A regions file → its regions. Raises Refused naming every place that is wrong."""
    top = Reader(document(source))
    found = [region(each) for each in top.each("regions")]
    top.finish("产地文件")
    return found


def region(row: Reader) -> RegionData:
    return RegionData(
        code=row.take("code", text(12)),
        name=row.take("name", text(50)),
        prefecture=row.take("prefecture", text(50, blank=True), default=""),
        is_832=row.take("is_832", yes_no),
    )


def _pairing(row: Reader) -> PairingData:
    return PairingData(
        region=row.take("region", text(50)),
        kind=row.take("kind", one_of(PairingKind)),
        primary=row.take("primary", yes_no, default=False),
    )


def _rule(row: Reader) -> RuleData:
    kind = row.take("kind", one_of(RuleKind))
    return RuleData(
        kind=kind,
        title=row.take("title", text(100)),
        subject_kinds=row.take("subject_kinds", many_of(Kind)),
        amount=row.take("amount", amount, default=None, required=kind in WITH_AMOUNT),
        percent=row.take("percent", percent, default=None, required=kind in WITH_PERCENT),
        parameters=_parameters(row, kind),
        lead=row.take("lead", text(200, blank=True), default=""),
        organisers=[_organiser(each) for each in row.each("organisers", default=[])],
        clause=row.take("clause", text(100)),
        quote=row.take("quote", text(10_000)),
    )


def _parameters(row: Reader, kind: str) -> dict[str, str]:
    known = PARAMETERS.get(kind, {})
    given = row.take("parameters", mapping, default={})
    for name in given.keys() - known.keys():
        row.say(f"parameters.{name}", f"没有这个口径参数，可用的有 {'、'.join(known) or '（无）'}")
    inner = Reader(given, f"{row.where}.parameters", row.problems)
    return {
        name: inner.take(name, word(choices), default=choices[0])
        for name, choices in known.items()
        if name in given or name not in UNSAID
    }


def _organiser(row: Reader) -> dict[str, Any]:
    return {
        "kinds": row.take("kinds", many_of(Kind), default=[]),
        "unit": row.take("unit", text(100)),
        "duty": row.take("duty", text(100, blank=True), default=""),
    }


def _holiday_days(top: Reader) -> dict[str, str]:
    """{"春节": "2022-02-01"} → the same by code: only the days that differ from the calendar need be there."""
    given = top.take("holiday_days", mapping, default={})
    inner = Reader(given, "holiday_days", top.problems)
    found = {}
    for name in given:
        code, day = _holiday_code(name), inner.take(name, day_text)
        if code is None:
            inner.say(name, f"应为 {'、'.join(map(str, Holiday.labels))} 之一")
        elif day is not None:
            found[code] = day
    return found


def _holiday_code(name: str) -> str | None:
    try:
        return one_of(Holiday)(name)
    except ValueError:
        return None


def _consistent(policy: PolicyData, problems: list[str]) -> None:
    """What no single field shows: something twice, a rule missing."""
    for name, found in (
        ("pairings", [row.region for row in policy.pairings]),
        ("rules", [row.kind for row in policy.rules]),
        ("regions", [row.name for row in policy.regions]),
    ):
        for again in sorted({each for each in found if found.count(each) > 1}):
            problems.append(f"{name}：“{again}”出现了不止一次")
    for code, day in policy.holiday_days.items():
        if not day.startswith(f"{policy.year}-"):
            problems.append(f"holiday_days.{Holiday(code).label}：{day} 不在 {policy.year} 年度内")
    for missing in sorted(TOTALS - {row.kind for row in policy.rules}):
        problems.append(f"rules：缺少规则 {missing}（{RuleKind(missing).label}），每个年度政策都要有")
