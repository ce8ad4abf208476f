"""What the database holds, as one hash a table, so that a request which changed anything is found."""

from __future__ import annotations

import hashlib
from typing import Any

from django.apps import apps
from django.db import connection, models

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
    columns = [f'"{f.column}"' for f in model._meta.concrete_fields if f.name != LAST_LOGIN]
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {", ".join(columns)} FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"'
        )
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()


class Writes:
    """Within `connection.execute_wrapper(...)`: was anything written that `dump` looks at?"""

    def __init__(self) -> None:
        self.any = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.replace('"', "").split(None, 3)
        if words[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            table = words[1] if words[0].upper() == "UPDATE" else words[2]
            self.any |= table not in ASIDE | TRAIL
        else:
            self.any |= words[0].upper() not in ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "WITH")
        return execute(sql, params, many, context)


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(table for table in after if before.get(table) != after[table])


def recorded_since(last: int) -> list[str]:
    """The actions that the trail got after the row `last`."""
    return list(AuditEvent.objects.filter(pk__gt=last).order_by("pk").values_list("action", flat=True))


def last_event() -> int:
    newest: Any = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
