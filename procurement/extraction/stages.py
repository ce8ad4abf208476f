"""What the reading child hands to the recognising one: a line of JSON, then the pictures' bare pixels."""

from __future__ import annotations

import json

from procurement.extraction.codec import from_plain, partial_from_plain, partial_to_plain, to_plain
from procurement.extraction.data import InvoiceData
from procurement.extraction.partial import Partial


def packed(plain: InvoiceData, partial: Partial) -> bytes:
    """Grey pictures as they are, so that no decoder stands behind the next door."""
    sizes = [picture.size for picture in partial.pictures]
    head = {"plain": to_plain(plain), "partial": partial_to_plain(partial), "sizes": sizes}
    return json.dumps(head).encode() + b"\n" + b"".join(picture.tobytes() for picture in partial.pictures)


def unpacked(data: bytes) -> tuple[InvoiceData, Partial]:
    """The inverse. Raises ValueError, KeyError or TypeError for anything else."""
    from PIL import Image

    line, _, pixels = data.partition(b"\n")
    head = json.loads(line)
    partial = partial_from_plain(head["partial"])
    for width, height in head["sizes"]:
        partial.pictures.append(Image.frombytes("L", (width, height), pixels[: width * height]))
        pixels = pixels[width * height :]
    return from_plain(head["plain"]), partial
