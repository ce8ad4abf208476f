"""Pictures whose headers lie, or that swell when they are opened."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

from tests.security.hostile import swollen
from tests.security.hostile.bait import Family

FAMILY = Family("picture")
MB = 1024 * 1024


def _chunk(kind: bytes, data: bytes, crc: int | None = None) -> bytes:
    return (
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data) if crc is None else crc)
    )


def png(
    width: int,
    height: int,
    *chunks: bytes,
    honest: bool = False,
    bits: int = 8,
    colour: int = 0,
    interlaced: int = 0,
) -> bytes:
    """Grey by default; `honest` ones have all the pixels they say, the others 1000 bytes."""
    head = struct.pack(">IIBBBBB", width & 0xFFFFFFFF, height & 0xFFFFFFFF, bits, colour, 0, 0, interlaced)
    rows = (b"\0" + bytes(width)) * height if honest else bytes(1000)
    body = _chunk(b"IHDR", head) + b"".join(chunks) + _chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + body + _chunk(b"IEND", b"")


def _add(case: str, upload: str, data: bytes) -> None:
    FAMILY.add(case, upload, lambda bait: data)


def _saved(size: tuple[int, int], format_: str, mode: str = "L", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, format_, **options)
    return out.getvalue()


for _case, _width, _height in (
    ("60000 × 60000", 60_000, 60_000),
    ("2147483647 × 2147483647", 2**31 - 1, 2**31 - 1),
    ("4294967295 × 1", 2**32 - 1, 1),
    ("1 × 4294967295", 1, 2**32 - 1),
    ("0 × 0", 0, 0),
    ("-1 × -1", -1, -1),
    ("7000 × 7100, not there", 7000, 7100),
):
    _add(f"PNG that says {_case}", "照片.png", png(_width, _height))
FAMILY.add("PNG of 9000 × 9000", "照片.png", lambda bait: png(9000, 9000, honest=True))
FAMILY.add("PNG as large as it may be", "照片.png", lambda bait: png(7000, 7100, honest=True))
FAMILY.add("PNG, 50000 × 900", "照片.png", lambda bait: png(50_000, 900, honest=True))
FAMILY.add(
    "PNG whose pixels are 300 MB",
    "照片.png",
    lambda bait: b"".join(
        (png(10, 10)[:33], _chunk(b"IDAT", swollen.compressed(bytes(MB), 300)), _chunk(b"IEND", b""))
    ),
)
FAMILY.add(
    "PNG with a text of 200 MB",
    "照片.png",
    lambda bait: png(10, 10, _chunk(b"zTXt", b"a\0\0" + swollen.compressed(bytes(MB), 200))),
)
FAMILY.add(
    "PNG with a profile of 200 MB",
    "照片.png",
    lambda bait: png(10, 10, _chunk(b"iCCP", b"a\0\0" + swollen.compressed(bytes(MB), 200))),
)
_add(
    "PNG with 50000 texts", "照片.png", png(10, 10, *(_chunk(b"tEXt", b"k%d\0v" % n) for n in range(50_000)))
)
_add("PNG, deep and interlaced", "照片.png", png(30_000, 30_000, bits=16, colour=6, interlaced=1))
_add("PNG without its colours", "照片.png", png(100, 100, colour=3))
_add("PNG of an unknown colour", "照片.png", png(100, 100, colour=77))
_add("PNG with a wrong checksum", "照片.png", png(10, 10, _chunk(b"sRGB", b"\0", 7)))
_add(
    "PNG with a chunk past the end",
    "照片.png",
    png(10, 10)[:33] + struct.pack(">I", 2**31 - 1) + b"IDAT" + bytes(100),
)
_add("PNG with a million frames", "照片.png", png(10, 10, _chunk(b"acTL", struct.pack(">II", 1_000_000, 0))))
_add("PNG, head alone", "照片.png", png(10, 10)[:33])

JPEG = _saved((400, 300), "JPEG")
SIZES = JPEG.index(b"\xff\xc0") + 5
for _case, _size in {
    "65535 × 65535": b"\xff\xff\xff\xff",
    "0 × 0": bytes(4),
    "12000 × 12000": b"\x2e\xe0\x2e\xe0",
}.items():
    _add(f"JPEG that says {_case}", "照片.jpg", JPEG[:SIZES] + _size + JPEG[SIZES + 4 :])
FAMILY.add("JPEG of 12000 × 12000", "照片.jpg", lambda bait: _saved((12_000, 12_000), "JPEG", quality=5))
FAMILY.add(
    "JPEG as large as it may be", "照片.jpg", lambda bait: _saved((7000, 7000), "JPEG", "RGB", quality=5)
)
FAMILY.add(
    "JPEG, progressive, as large as it may be",
    "照片.jpg",
    lambda bait: _saved((7000, 7000), "JPEG", "RGB", quality=5, progressive=True),
)
SCANS = _saved((64, 64), "JPEG", progressive=True)
_add(
    "JPEG with 20000 passes",
    "照片.jpg",
    SCANS[:-2] + SCANS[SCANS.rindex(b"\xff\xda") : -2] * 20_000 + b"\xff\xd9",
)
_add(
    "JPEG with 300 profiles",
    "照片.jpg",
    JPEG[:2]
    + b"".join(
        b"\xff\xe2\xff\xff" + b"ICC_PROFILE\0" + bytes((n % 256, 255)) + bytes(65_519) for n in range(300)
    )
    + JPEG[2:],
)
_add(
    "JPEG turned the ninth way",
    "照片.jpg",
    JPEG[:2]
    + b"\xff\xe1\x00\x2eExif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x09\0\0"
    + bytes(18)
    + JPEG[2:],
)
_add(
    "JPEG with a head in a circle",
    "照片.jpg",
    JPEG[:2]
    + b"\xff\xe1\x00\x2eExif\0\0MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08"
    + bytes(14)
    + JPEG[2:],
)
_add("JPEG without tables", "照片.jpg", JPEG.replace(b"\xff\xc4", b"\xff\xfe"))
_add("JPEG, head alone", "照片.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF")
for _part in (1, 3, 5, 7, 9):
    _add(f"JPEG cut at {_part} tenths", "照片.jpg", JPEG[: len(JPEG) * _part // 10])

BMP = _saved((100, 100), "BMP")
for _case, _place, _value in (
    ("2147483647 wide", 18, 2**31 - 1),
    ("60000 wide", 18, 60_000),
    ("-2147483648 high", 22, -(2**31)),
    ("0 wide", 18, 0),
    ("its pixels past the end", 10, 2**31 - 1),
    ("a head of 4 GB", 14, -1),
    ("a billion colours", 46, 1_000_000_000),
    ("an unknown packing", 30, 99),
):
    _add(f"BMP that says {_case}", "扫描.bmp", BMP[:_place] + struct.pack("<i", _value) + BMP[_place + 4 :])
_add(
    "BMP of runs, 7000 × 7000",
    "扫描.bmp",
    b"BM"
    + struct.pack("<IHHI", 60, 0, 0, 1078)
    + struct.pack("<IiiHHIIiiII", 40, 7000, 7000, 1, 8, 1, 0, 0, 0, 256, 0)
    + bytes(1024)
    + b"\xff\x01" * 5000,
)
_add("BMP, head alone", "扫描.bmp", BMP[:30])


def _tiff(*tags: tuple[int, int, int, int], following: int = 0, tail: bytes = b"") -> bytes:
    rows = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + rows + struct.pack("<I", following) + tail


def _sized(
    width: int, height: int, packing: int = 1, strip: int = 1000, bits: int = 8
) -> tuple[tuple[int, int, int, int], ...]:
    return (
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, bits), (259, 3, 1, packing), (262, 3, 1, 1),
        (273, 4, 1, 200), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, strip),
    )  # fmt: skip


_add("TIFF of 60000 × 60000", "扫描.tif", _tiff(*_sized(60_000, 60_000), tail=bytes(2000)))
_add("TIFF of 4294967295 × 4294967295", "扫描.tif", _tiff(*_sized(2**32 - 1, 2**32 - 1), tail=bytes(2000)))
_add("TIFF, 7000 × 7000 that are not there", "扫描.tif", _tiff(*_sized(7000, 7000), tail=bytes(2000)))
_add("TIFF with a strip of 4 GB", "扫描.tif", _tiff(*_sized(100, 100, strip=2**32 - 1), tail=bytes(2000)))
FAMILY.add(
    "TIFF packed, 300 MB",
    "扫描.tif",
    lambda bait: _tiff(*_sized(7000, 7000, 8, 300_000), tail=bytes(80) + swollen.compressed(bytes(MB), 300)),
)
_add("TIFF in an unknown packing", "扫描.tif", _tiff(*_sized(100, 100, 60_000), tail=bytes(2000)))
_add("TIFF whose page follows itself", "扫描.tif", _tiff(*_sized(100, 100), following=8, tail=bytes(20_000)))
_add("TIFF whose page is past the end", "扫描.tif", b"II*\0\xff\xff\xff\x7f")
_add(
    "TIFF with 4 billion values",
    "扫描.tif",
    _tiff(*_sized(100, 100), (270, 2, 2**32 - 1, 8), tail=bytes(2000)),
)
_add("TIFF with 5000 tags", "扫描.tif", _tiff(*((n, 4, 1, n) for n in range(5000))))
_add("TIFF without a size", "扫描.tif", _tiff((262, 3, 1, 1)))
_add(
    "TIFF of 10000 pages",
    "扫描.tif",
    b"II*\0"
    + struct.pack("<I", 8)
    + b"".join(struct.pack("<HHHIII", 1, 256, 4, 1, 9, 8 + 18 * (n + 1)) for n in range(10_000)),
)

WEBP = _saved((50, 50), "WEBP", "RGB")
_add("WebP that says 16384 × 16384", "照片.webp", WEBP[:26] + b"\xff\x3f\xff\x3f" + WEBP[30:])
_add("WebP that says 4 GB", "照片.webp", WEBP[:4] + b"\xff\xff\xff\xff" + WEBP[8:])
_add("WebP cut", "照片.webp", WEBP[: len(WEBP) // 2])
