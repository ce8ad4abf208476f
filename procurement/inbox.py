"""Files that a clerk drops: each is kept once, becomes a receipt, and is read in the background."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, NoReturn

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cixi_xiezuo import audit
from cixi_xiezuo.background import enqueue
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import named, receipts, scanning
from procurement.choices import EDITABLE, Reading, Scan, Status
from procurement.extraction.limits import MAX_FILE
from procurement.media import media_type
from procurement.models import Purchase, Receipt, StoredFile
from procurement.models.purchase import PurchaseQuerySet
from procurement.named import Place
from procurement.tasks import read_receipt
from procurement.unpacking import MOST, Piece, pieces
from procurement.workflow import locked, note_hand, require_recorder, require_status
from units.models import Unit
from units.scope import Scope
from units.years import require_open

log = logging.getLogger(__name__)

FREED = frozenset({Status.VOID, Status.REVOKED})
"""A file whose purchase has come to nothing may be dropped again."""
NAMELESS = "文件名和文件夹名里没有这些采购的编号，也没有其中缺原件的发票号码，请按采购编号或发票号码命名"
ENOUGH = 1000  # files counted in a zip; many more would take long to count


@dataclass(frozen=True, slots=True)
class Outcome:
    """One dropped file: the receipt it became, the one that it already is, or why it was refused."""

    name: str
    receipt: Receipt | None = None
    known: bool = False
    refusal: str = ""


def receive(
    files: Iterable[UploadedFile[bytes]], unit: Unit, by: Any, *, purchase: Purchase | None = None
) -> list[Outcome]:
    """Keep the files for the unit, or with an editable purchase; each by itself, in its own transaction.

    A zip's files are kept one by one like dropped ones. One that is named after a purchase of the unit, or after an
    invoice of it that has no original, goes there (`named`). Raises NotAllowed where the person may not record for
    the unit, Refused for more than MOST files: then none is kept.
    """
    if by is not None and not Scope.of(by).may_record(unit):
        raise NotAllowed("您没有为该单位上传票据的权限")
    dropped = _dropped(files)
    own = Purchase.objects.filter(unit=unit)
    found = {} if purchase else named.places(_paths(dropped), own)
    places = {path: place for path, place in found.items() if not named.why_not(place)}
    given = Place(purchase) if purchase else None
    return _each(dropped, lambda piece: _one(piece, unit, by, places.get(piece.path, given)))


def receive_named(
    files: Iterable[UploadedFile[bytes]], purchases: PurchaseQuerySet, by: Any
) -> list[Outcome]:
    """Keep the originals of these purchases, each named after its purchase or its invoice; the others are refused.

    The caller has seen to it that the person may add to every one of the purchases. Raises Refused as `receive`.
    """
    dropped = _dropped(files)
    places = named.places(_paths(dropped), purchases)

    def one(piece: Piece) -> Outcome:
        place = places.get(piece.path)
        refusal = named.why_not(place) if place else NAMELESS
        if place is None or refusal:
            return Outcome(plain_name(piece.name), refusal=refusal)
        return _one(piece, place.purchase.unit, by, place, imported=True)

    return _each(dropped, one)


class Dropped(NamedTuple):
    """A file, the paths of those in it (its own name, if it is no zip), and why it is refused as a whole."""

    file: UploadedFile[bytes]
    paths: list[str]
    refusal: str


def _dropped(files: Iterable[UploadedFile[bytes]]) -> list[Dropped]:
    """Looked into before anything is kept. Raises Refused for more than MOST files."""
    dropped = [_looked_into(file) for file in files]
    count = sum(len(each.paths) for each in dropped)
    if count > MOST:
        raise Refused(f"这次共有 {count} 个文件，一次最多 {MOST} 个，没有保存任何一个，请分批上传")
    return dropped


def _looked_into(file: UploadedFile[bytes]) -> Dropped:
    try:
        return Dropped(file, [piece.path for piece in islice(pieces(file), ENOUGH)], "")
    except Refused as refused:
        return Dropped(file, [plain_name(file.name)], str(refused))


def _paths(dropped: Iterable[Dropped]) -> list[str]:
    return [path for each in dropped if not each.refusal for path in each.paths]


def _each(dropped: Iterable[Dropped], one: Callable[[Piece], Outcome]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for file, _, refusal in dropped:
        if refusal:
            outcomes.append(Outcome(plain_name(file.name), refusal=refusal))
        else:
            outcomes += map(one, pieces(file))
    return outcomes


def _one(piece: Piece, unit: Unit, by: Any, place: Place | None, *, imported: bool = False) -> Outcome:
    name = plain_name(piece.name)
    try:
        data, kind = _checked(piece)
        scan, virus = scanning.verdict(data)
        if scan == Scan.INFECTED:
            _refuse_virus(name, data, virus, unit, by)
        return _keep(name, data, kind, scan, unit, by, place, imported)
    except Refused as refused:
        return Outcome(name, refusal=str(refused))
    except OSError:
        log.exception("a file could not be kept")
        return Outcome(name, refusal="票据存储暂时没有应答，没有保存，请稍后重试")


def plain_name(name: str | None) -> str:
    """A file's name without a path or control characters, at most 200 characters, its ending kept."""
    plain = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(char for char in plain if char.isprintable()).strip() or "未命名文件"
    if len(plain) <= 200:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: 199 - len(ending)]}{dot}{ending}" if dot and len(ending) <= 8 else plain[:200]


def _checked(piece: Piece) -> tuple[bytes, str]:
    data = piece.data
    if data is None:
        raise Refused("在压缩包里读不出来（损坏或加密），请单独上传")
    if not data:
        raise Refused("文件是空的，请重新选择")
    if len(data) > MAX_FILE:
        raise Refused(f"文件超过上限 {MAX_FILE // 1048576} MB，请压缩或拆分后再传")
    kind = media_type(data)
    if not kind:
        raise Refused("不是票据文件，请上传 PDF、OFD、XML、JPG、PNG 或 zip；Word、Excel 请先另存为 PDF")
    return data, kind


def _refuse_virus(name: str, data: bytes, virus: str, unit: Unit, by: Any) -> NoReturn:
    """On the trail, and not kept."""
    with transaction.atomic():
        audit.record(
            "拒收带病毒的文件",
            by=by,
            subject=f"单位 {unit.code}",
            stream=unit.code,
            name=name,
            sha256=hashlib.sha256(data).hexdigest(),
            reason=virus,
        )
    raise Refused(f"文件含有病毒（{virus}），已拒收；请用杀毒软件检查电脑，并向对方重新索取原文件")


def _keep(
    name: str, data: bytes, kind: str, scan: str, unit: Unit, by: Any, place: Place | None, imported: bool
) -> Outcome:
    with transaction.atomic():
        purchase = locked(place.purchase.pk) if place else None
        receipt = Receipt(unit=unit, purchase=purchase)
        if place is not None and purchase is not None:
            if not imported:
                require_recorder(purchase, by)
            if place.receipt is None:
                require_status(purchase, EDITABLE, "增加票据")
            else:
                receipt = _bare(place.receipt, purchase)
        stored = _stored(data, kind, scan)
        known = _known(stored, unit)
        if known is not None:
            return Outcome(name, known, known=True)
        receipt.file, receipt.name, receipt.uploaded_by = stored, name, by
        receipt.reading = Reading.WAITING
        receipt.save()
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


def _bare(receipt: Receipt, purchase: Purchase) -> Receipt:
    """The invoice that still has no original, of a purchase whose year is open."""
    require_status(purchase, (*EDITABLE, *named.DECIDED), "补充票据原件")
    if purchase.date is not None:
        require_open([purchase.date.year])
    held = Receipt.objects.select_for_update(of=("self",)).filter(pk=receipt.pk, purchase=purchase, file=None)
    found = held.first()
    if found is None:
        raise Refused(f"采购 {purchase.number} 的这张发票刚刚已有原件，没有重复保存")
    return found


def _stored(data: bytes, kind: str, scan: str) -> StoredFile:
    """The bytes kept, with what the scanner now says of them. Raises Refused where they are known to be infected."""
    stored = StoredFile.objects.select_for_update().get(pk=receipts.store(data, kind, scan).pk)
    if stored.scan == Scan.INFECTED:
        raise Refused(stored.closed)
    if stored.scan != scan:
        scanning.keep(stored, scan)
    return stored


def keep_beside(file: UploadedFile[bytes], unit: Unit, by: Any) -> tuple[str, StoredFile]:
    """A file of the unit that is no receipt, checked, scanned and kept like one: its name and where it is.

    Raises Refused with the sentence why it is not kept. The caller has seen to who may.
    """
    name = plain_name(file.name)
    try:
        data, kind = _checked(Piece(name, file.read(MAX_FILE + 1)))
        scan, virus = scanning.verdict(data)
        if scan == Scan.INFECTED:
            _refuse_virus(name, data, virus, unit, by)
        with transaction.atomic():
            return name, _stored(data, kind, scan)
    except OSError as error:
        log.exception("a file could not be kept")
        raise Refused("票据存储暂时没有应答，没有保存，请稍后重试") from error


def _known(stored: StoredFile, unit: Unit) -> Receipt | None:
    """The receipt that the same bytes already are in this unit."""
    same = Receipt.objects.filter(file=stored, unit=unit).exclude(purchase__status__in=FREED)
    return same.select_related("purchase").first()
