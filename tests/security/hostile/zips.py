"""Zips written by hand, so that every field may lie."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


def zipped(entries: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@dataclass
class Entry:
    """`packed` is stored as it is; None for a field means the truth. `at`: an offset of another entry's header."""

    name: bytes
    packed: bytes = b""
    size: int | None = None
    packed_size: int | None = None
    method: int = 8
    crc: int = 0
    flags: int = 0
    attributes: int = 0
    local_name: bytes | None = None
    extra: bytes = b""
    at: int | None = None


def build(
    entries: Iterable[Entry], *, count: int | None = None, tail: bytes = b"", comment: bytes = b""
) -> bytes:
    """Local headers, central directory, end; `count` as the end says it; `tail` between them."""
    out, directory = bytearray(), bytearray()
    entries = list(entries)
    for entry in entries:
        size = len(entry.packed) if entry.size is None else entry.size
        packed = len(entry.packed) if entry.packed_size is None else entry.packed_size
        offset = len(out) if entry.at is None else entry.at
        head = (20, entry.flags, entry.method, 0, 0x21, entry.crc, packed & 0xFFFFFFFF, size & 0xFFFFFFFF)
        if entry.at is None:
            name = entry.name if entry.local_name is None else entry.local_name
            out += b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *head, len(name), 0) + name + entry.packed
        directory += b"PK\x01\x02" + struct.pack(
            "<HHHHHHIIIHHHHHII",
            0x0314,
            *head,
            len(entry.name),
            len(entry.extra),
            0,
            0,
            0,
            entry.attributes & 0xFFFFFFFF,
            offset & 0xFFFFFFFF,
        )
        directory += entry.name + entry.extra
    number = min(len(entries) if count is None else count, 0xFFFF)
    end = struct.pack("<HHHHIIH", 0, 0, number, number, len(directory), len(out), len(comment))
    return bytes(out + directory + tail + b"PK\x05\x06" + end + comment)
