"""Zips that burst, overlap, nest or lie about their sizes."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.security.hostile import swollen
from tests.security.hostile.bait import Bait, Family, Maker
from tests.security.hostile.zips import Entry, build, deflated, zipped

FAMILY = Family("archive")
MB = 1024 * 1024
INSIDE = {"ofd": "OFD.xml", "zip": "invoice.xml"}


def _both(case: str, make: Callable[[str], bytes]) -> None:
    """The same attack as an OFD and as a plain zip: two parsers."""

    def maker(inside: str) -> Maker:
        return lambda bait: make(inside)

    for kind, inside in INSIDE.items():
        FAMILY.add(f"{case} ({kind})", f"发票.{kind}", maker(inside))


_both("one entry of 40 MB of zeros", lambda name: zipped({name: bytes(40 * MB)}))
_both(
    "one entry of 500 MB of zeros",
    lambda name: build([Entry(name.encode(), swollen.deflated(bytes(MB), 500), 500 * MB)]),
)
_both("60 entries of 1 MB", lambda name: zipped({f"{n}/{name}": bytes(MB) for n in range(60)}))
_both(
    "49 entries of 1 MB, within the limits",
    lambda name: zipped({f"{n}/{name}": bytes(MB) for n in range(49)}),
)
_both("one kernel under 500 names", lambda name: _overlapping(name, 500, 2 * MB))
_both("one kernel under 1900 names, within the limits", lambda name: _overlapping(name, 1900, 20_000))
_both("2001 entries", lambda name: zipped({f"{n}{name}": b"" for n in range(2001)}))
_both("10000 entries", lambda name: zipped({f"{n}{name}": b"<a/>" for n in range(10_000)}))
_both("65000 entries in a directory of two", lambda name: build(_many(name, 65_000), count=2))
_both(
    "says 1 KB, is 100 MB", lambda name: build([Entry(name.encode(), swollen.deflated(bytes(MB), 100), 1024)])
)
_both("says 4 GB, is nothing", lambda name: build([Entry(name.encode(), deflated(b""), 0xFFFFFFFE)]))
_both("packed size past the end", lambda name: build([Entry(name.encode(), b"\x03\x00", 10, 10_000_000)]))
_both("header past the end", lambda name: build([Entry(name.encode(), at=0x7FFFFFF0, size=5, packed_size=5)]))
_both("wrong checksum", lambda name: build([Entry(name.encode(), deflated(b"<a/>"), 4, crc=7)]))
_both("encrypted", lambda name: build([Entry(name.encode(), bytes(64), 40, flags=1)]))
_both("strongly encrypted", lambda name: build([Entry(name.encode(), bytes(64), 40, flags=65)]))
_both("unknown packing", lambda name: build([Entry(name.encode(), bytes(64), 40, method=99)]))
_both("deflate64", lambda name: build([Entry(name.encode(), bytes(64), 40, method=9)]))
_both("bzip2 bomb", lambda name: zipped({name: bytes(45 * MB)}, zipfile.ZIP_BZIP2))
_both("lzma bomb", lambda name: zipped({name: bytes(45 * MB)}, zipfile.ZIP_LZMA))
_both("lzma that wants 4 GB", lambda name: build([Entry(name.encode(), _greedy_lzma(), 4096, method=14)]))
_both(
    "the local name is another",
    lambda name: build([Entry(name.encode(), deflated(b"<a/>"), 4, local_name=b"evil")]),
)
_both("huge sizes in zip64", lambda name: build([_zip64(name)]))
_both(
    "a zip64 extra cut short",
    lambda name: build([Entry(name.encode(), size=-1, packed_size=-1, extra=b"\1\0\x10\0")]),
)
_both("two ends", lambda name: build([Entry(name.encode())]) + build([Entry(b"other.xml")])[-22:])
_both("an end within the comment", lambda name: build([Entry(name.encode())], comment=b"PK\5\6" + bytes(18)))
_both("no end", lambda name: zipped({name: b"<a/>"})[:-22])
_both("half a directory", lambda name: zipped({name: b"<a/>", "b.xml": b"<a/>"})[:-60])
_both("garbage between", lambda name: build([Entry(name.encode())], tail=b"\xff" * 5000))
_both("a folder that has content", lambda name: build([Entry(name.encode() + b"/", deflated(b"<a/>"), 4)]))
_both("the same name 100 times", lambda name: build([Entry(name.encode(), deflated(b"<a/>"), 4)] * 100))
_both("a device", lambda name: build([Entry(name.encode(), b"", attributes=0o060600 << 16)]))


@FAMILY.file("a zip in a zip in a zip", "发票.zip")
def _nested(bait: Bait) -> bytes:
    data = zipped({"0.xml": bytes(MB)})
    for depth in range(10):
        data = zipped({f"{depth}{n}.zip": data for n in range(10)})
        if len(data) > MB:
            break
    return zipped({"a.ofd": data})


@FAMILY.file("a zip whose only receipt is a zip bomb", "发票.zip")
def _bomb_inside(bait: Bait) -> bytes:
    return zipped({"a.ofd": zipped({"OFD.xml": bytes(40 * MB)})})


@FAMILY.file("zips called pdf, 30 deep", "发票.zip")
def _deep(bait: Bait) -> bytes:
    data = b"%PDF-1.4"
    for _ in range(30):
        data = zipped({"a.pdf": data})
    return data


def _overlapping(name: str, times: int, size: int) -> bytes:
    kernel = Entry(b"0" + name.encode(), deflated(bytes(size)), size, crc=zlib.crc32(bytes(size)))
    rest = [
        Entry(b"%d%s" % (n, name.encode()), kernel.packed, size, crc=kernel.crc, at=0)
        for n in range(1, times)
    ]
    return build([kernel, *rest])


def _many(name: str, count: int) -> list[Entry]:
    return [Entry(b"%d%s" % (n, name.encode()), at=0) if n else Entry(name.encode()) for n in range(count)]


def _greedy_lzma() -> bytes:
    """A header that asks for a dictionary of 4 GB."""
    return b"\x09\x04\x05\x00" + struct.pack("<BI", 0x5D, 0xFFFFFFFF) + bytes(200)


def _zip64(name: str) -> Entry:
    extra = struct.pack("<HHQQ", 1, 16, 2**62, 2**61)
    return Entry(name.encode(), bytes(8), -1, -1, extra=extra)


def _maker(cut: int) -> Maker:
    return lambda bait: zipped({"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<Document/>" * 50})[:cut]


for _cut in range(4, 300, 37):
    FAMILY.add(f"cut after {_cut} bytes", "发票.ofd", _maker(_cut))
