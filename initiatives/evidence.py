"""Files of a record, kept in the receipts' private store: once by content, scanned, never shown by the browser."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cixi_xiezuo.errors import Refused
from initiatives.models import Evidence, Record
from initiatives.records import note_act, require_mine
from procurement import receipts, scanning
from procurement.choices import Scan
from procurement.extraction.limits import MAX_FILE
from procurement.inbox import plain_name
from procurement.media import media_type


@transaction.atomic
def attach(record: Record, file: UploadedFile, *, by: Any) -> Evidence:
    """上传佐证: one file; the same file again stays one. Raises Refused for what is no document or picture."""
    record = require_mine(record, by)
    name = plain_name(file.name)
    if not file.size:
        raise Refused(f"“{name}”是空的，请重新选择")
    if file.size > MAX_FILE:
        raise Refused(f"“{name}”超过上限 {MAX_FILE // 1048576} MB，请压缩后再传")
    data = file.read()
    kind = media_type(data)
    if not kind:
        raise Refused(f"“{name}”不能作为佐证，请上传 PDF、OFD、图片或 zip；Word、Excel 请先另存为 PDF")
    verdict, virus = scanning.verdict(data)
    if verdict == Scan.INFECTED:
        raise Refused(f"“{name}”含有病毒（{virus}），已拒收；请用杀毒软件检查电脑")
    stored = receipts.store(data, kind, verdict)
    made, new = Evidence.objects.get_or_create(record=record, file=stored, defaults={"name": name})
    if new:
        note_act("上传佐证", record, by, name=name, sha256=stored.sha256, size=stored.size)
    return made


@transaction.atomic
def detach(evidence: Evidence, *, by: Any) -> None:
    """删除佐证. The bytes stay in storage; the trail says whose they were."""
    record = require_mine(evidence.record, by)
    note_act("删除佐证", record, by, name=evidence.name, sha256=evidence.file_id)
    evidence.delete()
