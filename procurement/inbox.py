"""Files that a clerk drops: each is kept once, becomes a receipt, and is read in the background."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.background import enqueue
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import receipts
from procurement.choices import EDITABLE, Reading, Status
from procurement.extraction.limits import MAX_FILE
from procurement.media import media_type
from procurement.models import Purchase, Receipt, StoredFile
from procurement.reading import ABANDONED_AFTER
from procurement.tasks import read_receipt
from procurement.workflow import locked, note_hand, require_recorder, require_status
from units.models import Unit
from units.scope import Scope

FREED = frozenset({Status.VOID, Status.REVOKED})
"""A file whose purchase has come to nothing may be dropped again."""
AGAIN_AFTER = 5  # seconds that a receipt may wait before its task is sent again


@dataclass(frozen=True, slots=True)
class Outcome:
    """One dropped file: the receipt it became, the one that it already is, or why it was refused."""

    name: str
    receipt: Receipt | None = None
    known: bool = False
    refusal: str = ""


def receive(
    files: Iterable[UploadedFile], unit: Unit, by: Any, *, purchase: Purchase | None = None
) -> list[Outcome]:
    """Keep the files for the unit, or with an editable purchase; each by itself, in its own transaction.

    Raises NotAllowed where the person may not record for the unit.
    """
    if by is not None and not Scope.of(by).may_record(unit):
        raise NotAllowed("您没有为该单位上传票据的权限")
    return [_one(file, unit, by, purchase) for file in files]


def _one(file: UploadedFile, unit: Unit, by: Any, purchase: Purchase | None) -> Outcome:
    name = plain_name(file.name)
    try:
        data, kind = _checked(file)
        return _keep(name, data, kind, unit, by, purchase)
    except Refused as refused:
        return Outcome(name, refusal=str(refused))


def plain_name(name: str | None) -> str:
    """A file's name without a path or control characters, at most 200 characters, its ending kept."""
    plain = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(char for char in plain if char.isprintable()).strip() or "未命名文件"
    if len(plain) <= 200:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: 199 - len(ending)]}{dot}{ending}" if dot and len(ending) <= 8 else plain[:200]


def _checked(file: UploadedFile) -> tuple[bytes, str]:
    if not file.size:
        raise Refused("文件是空的，请重新选择")
    if file.size > MAX_FILE:
        limit = MAX_FILE // 1024 // 1024
        raise Refused(f"文件有 {file.size / 1048576:.1f} MB，超过上限 {limit} MB，请压缩或拆分后再传")
    data = file.read()
    kind = media_type(data)
    if not kind:
        raise Refused("不是票据文件，请上传 PDF、OFD、XML，或 JPG、PNG 图片")
    return data, kind


def _keep(name: str, data: bytes, kind: str, unit: Unit, by: Any, purchase: Purchase | None) -> Outcome:
    with transaction.atomic():
        if purchase is not None:
            purchase = locked(purchase.pk)
            require_recorder(purchase, by)
            require_status(purchase, EDITABLE, "增加票据")
        stored = StoredFile.objects.select_for_update().get(pk=receipts.store(data, kind).pk)
        known = _known(stored, unit)
        if known is not None:
            return Outcome(name, known, known=True)
        receipt = Receipt.objects.create(
            unit=unit, purchase=purchase, file=stored, name=name, reading=Reading.WAITING, uploaded_by=by
        )
        audit.record(
            "上传票据",
            by=by,
            subject=f"采购 {purchase.number}" if purchase else f"票据 {receipt.pk}",
            stream=unit.code,
            name=name,
            sha256=stored.sha256,
            size=stored.size,
        )
        if purchase is not None:
            note_hand(purchase, by)
        enqueue(read_receipt, receipt.pk)
    return Outcome(name, receipt)


def _known(stored: StoredFile, unit: Unit) -> Receipt | None:
    """The receipt that the same bytes already are in this unit."""
    same = Receipt.objects.filter(file=stored, unit=unit).exclude(purchase__status__in=FREED)
    return same.select_related("purchase").first()


def nudge(pending: Iterable[Receipt]) -> None:
    """Send the tasks of receipts that have waited too long once more: a message may have been lost.

    At most once in ten seconds a receipt, where a cache is at hand; the task itself does nothing twice.
    """
    now = timezone.now()
    for receipt in pending:
        waited = now - receipt.uploaded_at
        stuck = receipt.reading == Reading.READING and waited > datetime.timedelta(seconds=ABANDONED_AFTER)
        late = receipt.reading == Reading.WAITING and waited > datetime.timedelta(seconds=AGAIN_AFTER)
        if (late or stuck) and cache.add(f"receipt-nudge:{receipt.pk}", 1, 10):
            enqueue(read_receipt, receipt.pk)
