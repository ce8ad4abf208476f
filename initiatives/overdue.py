"""What of the plan's other work is overdue, for the morning's message (assessment/digest.py)."""

from __future__ import annotations

import datetime
from collections import defaultdict

from assessment.digest import Lines, Overdue
from initiatives.inspection.models import WITH_UNIT, Inspection
from initiatives.models import Record
from initiatives.progress.owing import owed_of, owing, who_owes
from units.models import Membership, Role
from units.reminder_rules import ReminderKind, Rule


def _inspections(rule: Rule, today: datetime.date) -> list[tuple[int, str]]:
    """(unit id, line) of what a unit has not answered or put right for `rule.days` after its day."""
    before = today - datetime.timedelta(days=rule.days)
    rows = Inspection.objects.filter(state__in=WITH_UNIT, deadline__lte=before, unit__active=True)
    found = []
    for each in rows.select_related("unit").order_by("deadline", "pk"):
        when = f"期限 {each.deadline}，逾期 {(today - each.deadline).days} 天"
        found.append((each.unit_id, f"{each.unit} 督查“{each.title}”{each.get_state_display()}，{when}"))
    return found


def _of_units(rule: Rule, today: datetime.date) -> Lines:
    found: Lines = defaultdict(list)
    for unit, line in _inspections(rule, today):
        found[unit].append(line)
    return found


def _of_office(rule: Rule, today: datetime.date) -> Lines:
    """The same for 市对口支援办, which must see to it."""
    lines = [line for _unit, line in _inspections(rule, today)]
    people = Membership.objects.filter(role=Role.OVERSIGHT, user__is_active=True)
    return dict.fromkeys(people.values_list("user", flat=True), lines) if lines else {}


def _reports(rule: Rule, today: datetime.date) -> Lines:
    records = list(
        owing(Record.objects.all(), today, late=True).select_related("unit").order_by("year", "pk")
    )
    units, owed, found = who_owes(records), owed_of(records, today), defaultdict(list)
    for record in records:
        if record.pk in owed and owed[record.pk].days_late >= rule.days:
            for unit in units[record.pk]:
                found[unit.pk].append(f"{unit} “{record.title}”{owed[record.pk].text}")
    return found


OVERDUE = (
    Overdue(ReminderKind.INSPECTION, _of_units, _of_office),
    Overdue(ReminderKind.PROGRESS, _reports),
)
