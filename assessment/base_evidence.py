"""Documents behind a 年度基数: budget approvals and the like, kept beside the receipts and shown to whoever sees the base."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from assessment.models import BaseEvidence
from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import inbox
from units.models import Unit, YearBase
from units.scope import Scope
from units.years import require_open

MOST = 20
"""Documents of one unit and year."""


def attach(unit: Unit, year: int, file: UploadedFile[bytes], *, by: Any) -> BaseEvidence:
    """Keep a document with the unit's base of the year; the same bytes again are the same document.

    Raises NotAllowed where the person may not file for the unit, Refused for a locked year, a file that is no
    document or has a virus, and for more than MOST.
    """
    if by is not None and not Scope.of(by).may_record(unit):
        raise NotAllowed("您没有为该单位填报的权限")
    with transaction.atomic():
        require_open([year])  # before anything is kept
    name, stored = inbox.keep_beside(file, unit, by)
    with transaction.atomic():
        require_open([year])
        made, _ = YearBase.objects.get_or_create(unit=unit, year=year)
        base = YearBase.objects.select_for_update(of=("self",)).get(pk=made.pk)
        known = BaseEvidence.objects.filter(base=base, file=stored).first()
        if known is not None:
            return known
        if base.evidence.count() >= MOST:
            raise Refused(f"依据材料最多 {MOST} 份，没有保存；请合并成一个 PDF 再传")
        evidence = BaseEvidence.objects.create(
            base=base, file=stored, name=name, uploaded_by=audit.actor_name(by)
        )
        audit.record(
            "上传基数依据",
            by=by,
            subject=f"{year} 年度基数 {unit.code}",
            stream=unit.code,
            name=name,
            sha256=stored.sha256,
            size=stored.size,
        )
    return evidence
