"""Much that packs into little, made without packing it all."""

from __future__ import annotations

import zlib

MB = 1024 * 1024


def deflated(unit: bytes, times: int) -> bytes:
    """What `unit` is, `times` over, as a bare deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * times + b"\x03\x00"


def compressed(unit: bytes, times: int) -> bytes:
    """The same with zlib's head and checksum, as PDF and PNG want it."""
    check = 1
    for _ in range(times):
        check = zlib.adler32(unit, check)
    return b"\x78\xda" + deflated(unit, times) + check.to_bytes(4, "big")
