"""Files of a record, kept in the receipts' private store: once by content, scanned. Pictures are shown drawn anew."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cixi_xiezuo.errors import Refused
from initiatives import lasting
from initiatives.models import Evidence, Record
from initiatives.records import note_act, require_mine
from procurement import inbox
from procurement.history import TAKEN


def attach(record: Record, file: UploadedFile[bytes], *, by: Any) -> Evidence:
    """上传佐证: one file; the same file again stays one. Raises Refused for what is no document or picture."""
    with transaction.atomic():
        unit = require_mine(record, by).unit  # before anything is kept
    try:
        name, stored = inbox.keep_beside(file, unit, by)
    except Refused as refused:
        raise Refused(f"“{inbox.plain_name(file.name)}”没有上传：{refused}") from refused
    with transaction.atomic():
        record = require_mine(record, by)
        made, new = Evidence.objects.get_or_create(record=record, file=stored, defaults={"name": name})
        if new:
            note_act("上传佐证", record, by, name=name, sha256=stored.sha256, size=stored.size)
    return made


@transaction.atomic
def detach(evidence: Evidence, *, by: Any) -> None:
    """删除佐证. The bytes stay in storage; the trail says whose they were.

    What was there when a year was closed stays with a record that lasts.
    """
    record = require_mine(evidence.record, by)
    if lasting.lasts(record) and (why := lasting.kept_at_closing(record, evidence.uploaded_at)):
        raise Refused(why)
    note_act("删除佐证", record, by, name=evidence.name, sha256=evidence.file_id)
    evidence.delete()


@transaction.atomic
def note_download(evidence: Evidence, *, by: Any) -> None:
    """Whoever takes a file away is on record, as with receipts."""
    note_act(TAKEN, evidence.record, by, name=evidence.name, sha256=evidence.file_id)
