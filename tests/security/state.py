"""What the database holds, as one hash a table, so that a request which changed anything is found."""

from __future__ import annotations

import hashlib
from typing import Any

from django.apps import apps
from django.db import models

from cixi_xiezuo.audit import AuditEvent

ASIDE = {"django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog"}
"""Who is logged in, and attempts at it: these may change whatever is asked."""
TRAIL = {"audit_head", "audit_event"}
LAST_LOGIN = "last_login"


def dump() -> dict[str, str]:
    """Table → hash of all its rows; the trail is left out, since looking at some things is put on record."""
    return {
        model._meta.db_table: _hash(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in ASIDE | TRAIL
    }


def _hash(model: type[models.Model]) -> str:
    names = [f.attname for f in model._meta.concrete_fields if f.name != LAST_LOGIN]
    digest = hashlib.sha256()
    for row in model._base_manager.order_by("pk").values_list(*names):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(table for table in after if before.get(table) != after[table])


def recorded_since(last: int) -> list[str]:
    """The actions that the trail got after the row `last`."""
    return list(AuditEvent.objects.filter(pk__gt=last).order_by("pk").values_list("action", flat=True))


def last_event() -> int:
    newest: Any = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
