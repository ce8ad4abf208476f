"""What was dropped → the files to keep: a zip is opened, its folders and the zips inside it too.

A zip is taken whole or not at all: `pieces` raises Refused for one that is broken, locked or too large.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile

from cixi_xiezuo.errors import Refused
from procurement.extraction import limits
from procurement.extraction.archive import Archive
from procurement.media import ZIP, media_type

MOST = 50
"""Files in one drop, those inside zips counted."""
DEPTH = 2  # a zip, and the zips in it
_LITTER = frozenset({"thumbs.db", "desktop.ini"})


class Piece(NamedTuple):
    """One file: its name as it is told, its bytes, None where they cannot be read, and its folders in a zip."""

    name: str
    data: bytes | None
    folders: str = ""

    @property
    def path(self) -> str:
        return f"{self.folders}/{self.name}" if self.folders else self.name


def pieces(file: UploadedFile[bytes]) -> Iterator[Piece]:
    """The file itself, or what a zip holds. Raises Refused with a sentence."""
    name, size = file.name or "", file.size or 0
    if not size:
        raise Refused("文件是空的，请重新选择")
    if size > limits.MAX_UNPACKED:
        raise Refused(_too_large(size, limits.MAX_UNPACKED))
    file.seek(0)
    data = file.read()
    if media_type(data) == ZIP:
        yield from _unpacked(data, name)
    elif size > limits.MAX_FILE:
        raise Refused(_too_large(size, limits.MAX_FILE))
    else:
        yield Piece(name, data)


def _too_large(size: int, limit: int) -> str:
    return f"文件有 {size / 1048576:.1f} MB，超过上限 {limit // 1048576} MB，请压缩或拆分后再传"


def _unpacked(data: bytes, name: str) -> Iterator[Piece]:
    total = count = 0
    for piece in _entries(data, name, DEPTH):
        total += len(piece.data or b"")
        count += 1
        if total > limits.MAX_UNPACKED:
            raise Refused(f"压缩包解开后超过上限 {limits.MAX_UNPACKED // 1048576} MB，请拆成几个再传")
        yield piece
    if not count:
        raise Refused("压缩包里没有文件")


def _entries(data: bytes, name: str, depth: int) -> Iterator[Piece]:
    if not depth:
        raise Refused(f"“{name}”里压缩包套了太多层，请解压后再传")
    try:
        archive = Archive(data)
    except limits.Refused as refused:
        raise Refused(str(refused).rstrip("。")) from refused
    if archive.locked:
        raise Refused("压缩包有密码，请解压后再传")
    if archive.problems:
        raise Refused(f"{archive.problems[0].rstrip('。')}；请解压后再传")
    for entry in archive.names:
        if _is_litter(entry):
            continue
        inside = archive.read(entry)
        folders, _, shown = archive.readable(entry).rpartition("/")
        if inside is not None and media_type(inside) == ZIP:
            yield from _entries(inside, shown, depth - 1)
        else:
            yield Piece(shown, inside, folders)


def _is_litter(entry: str) -> bool:
    """What operating systems leave in zips."""
    parts = entry.split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(".") or parts[-1].lower() in _LITTER
