"""When the last backup was made: on the trail, so that each machine knows, and so does who looks for a missing one."""

from __future__ import annotations

import datetime

from django.db import transaction

from cixi_xiezuo import audit
from cixi_xiezuo.backup.archive import Written

ACTION = "备份"


def note(written: Written, *, encrypted: bool) -> None:
    """The backup is whole; this is no part of it."""
    with transaction.atomic():
        audit.record(
            ACTION,
            by=None,
            subject="数据库与票据",
            name=written.path.name,
            rows=written.rows,
            files=written.files,
            method="加密" if encrypted else "不加密",
        )


def last() -> datetime.datetime | None:
    """One row a day is looked at, found by its action: a trail of millions is not read for the latest of them."""
    made = audit.AuditEvent.objects.filter(action=ACTION).order_by().values_list("at", flat=True)
    return max(made, default=None)
