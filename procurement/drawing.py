"""A page of a receipt as a picture, drawn in a process of its own: what a hostile file kills is only that.

`python -m procurement.drawing TYPE PAGE < FILE` prints the number of pages, a line break, and a PNG; with PHOTO for PAGE
a smaller JPEG of the first page, for articles.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from procurement import confined
from procurement.extraction.limits import MAX_PIXELS, MEMORY, PICTURES
from procurement.media import IMAGES, PDF

WIDTH = 1400  # pixels of a drawn page
MAX_HEIGHT = 4000  # pixels
MAX_PICTURE = 32 * 1024 * 1024  # bytes of a drawn page
PHOTO, PHOTO_WIDTH = "photo", 960
SECONDS = 8  # with the reading less than half a minute a file
MODULE = "procurement.drawing"
Encode = Callable[[Any], bytes]


class Drawn(NamedTuple):
    """`png` (a JPEG for PHOTO) is empty where the file has no such page."""

    pages: int
    png: bytes


class Late(Exception):
    """The clock ended the drawing, or no process could be started: another time it may be drawn."""


def drawable(media_type: str) -> bool:
    return media_type == PDF or media_type in IMAGES


def draw_limited(data: bytes, media_type: str, page: int) -> Drawn | None:
    """Page `page`, from 1; None where it cannot be drawn at all. Raises Late."""
    try:
        ended = confined.run(MODULE, [media_type, str(page)], data, seconds=SECONDS, most=MAX_PICTURE)
    except OSError as error:
        raise Late from error
    if ended.late:
        raise Late
    count, _, png = ended.output.partition(b"\n")
    return Drawn(int(count), png) if count.isdigit() else None


def photo_limited(data: bytes, media_type: str) -> bytes | None:
    """The first page as a small JPEG, within the same limits."""
    try:
        ended = confined.run(MODULE, [media_type, PHOTO], data, seconds=SECONDS, most=MAX_PICTURE)
    except OSError:
        return None
    return ended.output.partition(b"\n")[2] or None


def draw(data: bytes, media_type: str, page: int, encode: Encode | None = None) -> Drawn:
    """The same in this process, without limits of time and memory. `encode`: into what, a PNG unless told."""
    drawn = _pdf if media_type == PDF else _image
    return drawn(data, page, encode or _png)


def _pdf(data: bytes, page: int, encode: Encode) -> Drawn:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    pages = len(document)
    if not 1 <= page <= pages:
        return Drawn(pages, b"")
    leaf = document[page - 1]
    width, height = leaf.get_size()
    scale = min(WIDTH / max(width, 1), MAX_HEIGHT / max(height, 1))
    return Drawn(pages, encode(leaf.render(scale=scale).to_pil()))


def _image(data: bytes, page: int, encode: Encode) -> Drawn:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with Image.open(io.BytesIO(data), formats=PICTURES) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too large")
        if page != 1:
            return Drawn(1, b"")
        image.draft("RGB", (WIDTH, MAX_HEIGHT))
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((WIDTH, MAX_HEIGHT))
        return Drawn(1, encode(upright))


def _png(picture: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _photo(picture: Any) -> bytes:
    """Small, and with nothing that was written beside the pixels."""
    out = io.BytesIO()
    picture.thumbnail((PHOTO_WIDTH, MAX_HEIGHT))
    plain = picture.convert("RGB")
    plain.info.clear()
    plain.save(out, "JPEG", quality=82)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    confined.confine(memory=MEMORY, seconds=SECONDS)
    media_type, page = arguments
    data = sys.stdin.buffer.read()
    drawn = draw(data, media_type, 1, _photo) if page == PHOTO else draw(data, media_type, int(page))
    sys.stdout.buffer.write(b"%d\n%s" % (drawn.pages, drawn.png))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
