"""What happened to a record, from the audit trail, for its timeline (components/timeline.html)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from cixi_xiezuo.audit import AuditEvent
from units.models import User


@dataclass(frozen=True, slots=True)
class Happened:
    """`actor` by display name; `notes`: what changed, the reason, the sum; one sentence each."""

    at: datetime.datetime
    actor: str
    on_behalf: str
    action: str
    notes: list[str]


def recorded(stream: str, subjects: Iterable[str]) -> list[Any]:
    """Everything recorded of the subjects in a stream, the latest first. One query.

    Audit events with `actor_name`, the actor's display name (None for one who is no user).
    """
    name = User.objects.filter(username=OuterRef("actor")).values("display_name")
    rows = AuditEvent.objects.filter(stream=stream, subject__in=list(subjects)).order_by("-seq")
    return list(rows.annotate(actor_name=Subquery(name)))


def told(rows: Iterable[Any], notes: Callable[[dict[str, Any]], Iterable[str]]) -> list[Happened]:
    """What `recorded` found, in words."""
    return [
        Happened(row.at, row.actor_name or row.actor, row.on_behalf, row.action, list(notes(row.detail)))
        for row in rows
    ]
