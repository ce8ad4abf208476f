"""票据包: the originals behind a year's figures, foldered by unit and purchase, in zips of a handy size."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from zipstream import ZIP_STORED, ZipStream

from cixi_xiezuo.sheettext import csv_text, write_rows
from procurement import media, receipts
from procurement.choices import Status
from procurement.models import Receipt, StoredFile
from units.models import Unit

PART = 1 * 2**30
"""Bytes of originals in one zip, unless a single one is larger."""
INDEX = ("单位编码", "单位名称", "采购编号", "票据类别", "发票号码", "文件", "大小（字节）", "SHA-256")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True, slots=True)
class Paper:
    """One original in the pack: where it lies, whose it is, and what proves it unchanged."""

    path: str
    unit: str
    unit_name: str
    purchase: str
    kind: str
    invoice: str
    file: StoredFile


@dataclass(frozen=True, slots=True)
class Part:
    number: int
    papers: list[Paper]

    @property
    def size(self) -> int:
        return sum(paper.file.size for paper in self.papers)


def papers(year: int, as_of: datetime.date, units: QuerySet[Unit]) -> Iterator[Paper]:
    """The originals of approved purchases of these units dated in the year, up to the day, in a lasting order.

    What nobody may open stays out: infected, or not yet scanned where a scanner is named.
    """
    found = Receipt.objects.filter(
        unit__in=units,
        file__isnull=False,
        purchase__status=Status.APPROVED,
        purchase__date__year=year,
        purchase__date__lte=as_of,
    )
    rows = found.select_related("unit", "purchase", "file").defer("data")
    place, before = 0, None
    for receipt in rows.order_by("unit__code", "purchase__number", "pk").iterator(chunk_size=2000):
        purchase, file = receipt.purchase, receipt.file
        assert purchase is not None and file is not None
        if file.closed:
            continue
        place = place + 1 if purchase.pk == before else 1
        before = purchase.pk
        invoice = receipt.invoice_number
        name = "-".join(filter(None, [f"{place:02d}", receipt.get_kind_display(), invoice]))
        unit = receipt.unit
        folder = f"{safe(unit.code)} {safe(unit.name)}/{safe(purchase.number)}"
        path = f"{folder}/{safe(name)}{media.suffix(file.media_type)}"
        yield Paper(path, unit.code, unit.name, purchase.number, receipt.get_kind_display(), invoice, file)


def safe(name: str) -> str:
    """A name that any system takes for a file and none takes for a way out of the folder."""
    return _UNSAFE.sub("_", name).strip(" .")[:80] or "_"


def parts(found: Iterator[Paper], size: int = PART) -> list[Part]:
    """Split in order; every part holds at least one."""
    made: list[Part] = []
    taken = 0
    for paper in found:
        if not made or (taken and taken + paper.file.size > size):
            made.append(Part(len(made) + 1, []))
            taken = 0
        made[-1].papers.append(paper)
        taken += paper.file.size
    return made


def stream(part: Part) -> ZipStream:
    """The zip, piece by piece as it is asked for: index and checksums first, then the originals."""
    made = ZipStream(compress_type=ZIP_STORED)
    made.add(index(part), "清单.csv")
    made.add("".join(f"{paper.file.sha256}  {paper.path}\n" for paper in part.papers), "SHA256SUMS")
    for paper in part.papers:
        made.add(_original(paper.file), paper.path)
    return made


def _original(file: StoredFile) -> Iterator[bytes]:
    """Read only when its turn comes. Raises OSError where the store has not what was uploaded."""
    yield receipts.content(file)


def index(part: Part) -> bytes:
    """One row an original, for a spreadsheet (UTF-8 with its mark)."""
    out = io.BytesIO()
    write_rows(out, chain([INDEX], map(_indexed, part.papers)))
    return out.getvalue()


def _indexed(paper: Paper) -> list[Any]:
    texts = [paper.unit, paper.unit_name, paper.purchase, paper.kind, paper.invoice, paper.path]
    return [*map(csv_text, texts), paper.file.size, paper.file.sha256]
