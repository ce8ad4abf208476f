"""Who changed a policy last, from the audit trail."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max, Q

from cixi_xiezuo.audit import SITE, AuditEvent
from units.models import User

CLOSING = ("封账", "同意启封")
"""What is done to a whole year and changes its policy's status."""


def subject(year: int) -> str:
    """What trail rows about a year's policy are filed under."""
    return f"{year} 年度政策"


def last_changes(years: Iterable[int]) -> dict[int, AuditEvent]:
    """By year, the latest thing done to its policy. `actor` is the name people know."""
    policies = {subject(year): year for year in years}
    closings = {f"{year} 年度": year for year in policies.values()}
    rows = AuditEvent.objects.filter(stream=SITE).filter(
        Q(subject__in=policies) | Q(subject__in=closings, action__in=CLOSING)
    )
    latest = rows.values("subject").annotate(last=Max("seq")).values_list("last", flat=True)
    events = list(AuditEvent.objects.filter(stream=SITE, seq__in=list(latest)).order_by("seq"))
    actors = {event.actor for event in events}
    names = dict(User.objects.filter(username__in=actors).values_list("username", "display_name"))
    for event in events:
        event.actor = names.get(event.actor) or event.actor
    years_of = policies | closings
    return {years_of[event.subject]: event for event in events}
