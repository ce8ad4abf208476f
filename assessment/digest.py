"""What is overdue, by the bureau's rules, told to each person in one message.

Another app adds its own in a module `overdue`: OVERDUE, a tuple of Overdue.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Min
from django.utils import timezone

from assessment import base_fields, base_list
from assessment.models import Policy, PolicyStatus
from assessment.rules.standing import Status as Reached
from assessment.sentences import yuan
from assessment.standing import YearStanding, rules_of
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.parts import modules
from procurement.choices import Status
from procurement.holidays import next_holiday
from procurement.models import Purchase
from units.deadlines import days_late, deadline_of
from units.messages import people_of, send_digests
from units.models import BaseStatus, Delegation, Membership, Unit, User
from units.reminder_rules import ReminderKind, Rule, rules
from units.scope import REVIEWING

MOST = 20
"""Lines of one sort; the rest are counted."""
Lines = dict[int, list[str]]
"""Unit id → what is overdue there."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """What a rule finds on a day: `units` is told to the clerks and heads of each, `people` (user id → lines) to others
    who must see to it."""

    kind: str
    units: Callable[[Rule, datetime.date], Lines]
    people: Callable[[Rule, datetime.date], Lines] | None = None


def send() -> int:
    """Send everybody their digest; how many were sent. Safe to run twice."""
    return send_digests(digests(timezone.localdate()))


def digests(today: datetime.date) -> dict[int, tuple[str, str]]:
    """User id → (title, text) for those for whom anything is overdue."""
    parts: dict[int, list[str]] = defaultdict(list)
    counts: dict[int, int] = defaultdict(int)
    known = rules()
    for each in _sorts():
        rule = known[each.kind]
        if not rule.active:
            continue
        for user, lines in _told(each, rule, today).items():
            parts[user].append(_section(rule.label, lines))
            counts[user] += len(lines)
    if known[ReminderKind.QUEUE].active:
        for user, number, oldest in _queues(known[ReminderKind.QUEUE]):
            parts[user].append(
                f"待审核积压：{number} 笔采购已提交超过 {known['queue'].days} 天，最早的提交于 {oldest}"
            )
            counts[user] += number
    return {user: (f"有 {counts[user]} 项逾期或临近到期", "\n\n".join(parts[user])) for user in parts}


def _sorts() -> Iterator[Overdue]:
    yield Overdue(ReminderKind.BASE, _bases)
    yield Overdue(ReminderKind.RETURNED, _returned)
    yield Overdue(ReminderKind.PACE, _pace)
    for module in modules("overdue"):
        yield from module.OVERDUE


def _told(sort: Overdue, rule: Rule, today: datetime.date) -> Lines:
    """User id → lines, each once."""
    found = _by_person(sort.units(rule, today))
    for user, lines in (sort.people(rule, today) if sort.people else {}).items():
        found[user] = list(dict.fromkeys([*found[user], *lines]))
    return found


def _section(label: str, lines: list[str]) -> str:
    shown = [f"· {line}" for line in lines[:MOST]]
    if len(lines) > MOST:
        shown.append(f"· 另有 {len(lines) - MOST} 项")
    return "\n".join([f"{label}：", *shown])


def _by_person(lines: Lines) -> defaultdict[int, list[str]]:
    units = Unit.objects.filter(pk__in=lines).order_by("code")
    found: defaultdict[int, list[str]] = defaultdict(list)
    for unit, people in people_of(units).items():
        for user in people:
            found[user.pk] += lines[unit]
    return found


def _years(today: datetime.date) -> list[int]:
    """The year that people work in: the latest whose policy is in force."""
    in_force = Policy.objects.filter(status=PolicyStatus.IN_FORCE, year__lte=today.year)
    return list(in_force.order_by("-year").values_list("year", flat=True)[:1])


def _bases(rule: Rule, today: datetime.date) -> Lines:
    found: Lines = {}
    for year in _years(today):
        day = deadline_of(year)
        if days_late(day) < rule.days:
            continue
        done = Unit.objects.filter(bases__year=year, bases__status__in=base_list.REPORTED)
        kinds = base_fields.due_kinds(rules_of(year))
        late = Unit.objects.filter(active=True, kind__in=kinds).exclude(pk__in=done.values("pk"))
        back = set(
            late.filter(bases__year=year, bases__status=BaseStatus.RETURNED).values_list("pk", flat=True)
        )
        for unit in late:
            word = "被退回，未重新填报" if unit.pk in back else "未填报"
            found[unit.pk] = [f"{unit} {year} 年度基数{word}（{day} 截止）"]
    return found


def _returned(rule: Rule, today: datetime.date) -> Lines:
    before = timezone.now() - datetime.timedelta(days=rule.days)
    rows = Purchase.objects.filter(status=Status.RETURNED, decided_at__lte=before, unit__active=True)
    found: Lines = defaultdict(list)
    for row in rows.select_related("unit").order_by("decided_at"):
        day = timezone.localdate(row.decided_at)
        found[row.unit_id].append(f"{row.unit} 采购 {row.number}（{day} 退回）：{row.returned_reason}")
    return found


def _pace(rule: Rule, today: datetime.date) -> Lines:
    coming = next_holiday(today)
    if coming is None or (coming[1] - today).days > rule.days or coming[1].year != today.year:
        return {}
    holiday, day = coming
    try:
        standing = YearStanding.read(today.year, today)
    except Refused:
        return {}
    behind = (Reached.IN_PROGRESS, Reached.NOT_MET)
    return {
        row.unit.id: [
            f"{row.unit.name} 节日慰问占比未达标，还差 {yuan(row.gap or 0)} 元（{holiday.label} {day.month}月{day.day}日）"
        ]
        for row in standing.units
        if row.rule == "union_holiday_share" and row.status in behind
    }


def _queues(rule: Rule) -> Iterator[tuple[int, int, datetime.date]]:
    """(user, how many waited too long, the oldest day) for each reviewer with a queue."""
    before = timezone.now() - datetime.timedelta(days=rule.days)
    old = Purchase.objects.filter(status=Status.SUBMITTED, submitted_at__lte=before)
    if not old.exists():
        return
    for user in _reviewers():
        mine = Purchase.objects.reviewable_by(user).filter(submitted_at__lte=before)
        number, oldest = mine.count(), mine.aggregate(oldest=Min("submitted_at"))["oldest"]
        if number:
            yield user.pk, number, timezone.localdate(oldest)


def _reviewers() -> Iterable[Any]:
    givers = Delegation.objects.in_force().values("receiver")
    holders = Membership.objects.filter(role__in=sorted(REVIEWING)).values("user")
    people = User.objects.filter(is_active=True)
    return (people.filter(pk__in=holders) | people.filter(pk__in=givers)).order_by("pk")
