"""A page of a receipt as a picture, drawn in a process of its own: what a hostile file kills is only that.

`python -m procurement.drawing TYPE PAGE < FILE` prints the number of pages, a line break, and a PNG.
"""

from __future__ import annotations

import io
import sys
from typing import NamedTuple

from procurement import confined
from procurement.extraction.limits import MAX_PIXELS, MEMORY, PICTURES
from procurement.media import IMAGES, PDF

WIDTH = 1400  # pixels of a drawn page
MAX_HEIGHT = 4000  # pixels
MAX_PICTURE = 32 * 1024 * 1024  # bytes of a drawn page
SECONDS = 8  # with the reading less than half a minute a file
MODULE = "procurement.drawing"


class Drawn(NamedTuple):
    """`png` is empty where the file has no such page."""

    pages: int
    png: bytes


def drawable(media_type: str) -> bool:
    return media_type == PDF or media_type in IMAGES


def draw_limited(data: bytes, media_type: str, page: int) -> Drawn | None:
    """Page `page`, from 1; None where it cannot be drawn within the limits."""
    try:
        ended = confined.run(MODULE, [media_type, str(page)], data, seconds=SECONDS, most=MAX_PICTURE)
        count, _, png = ended.output.partition(b"\n")
        return Drawn(int(count), png)
    except (OSError, ValueError):
        return None


def draw(data: bytes, media_type: str, page: int) -> Drawn:
    """The same in this process, without limits of time and memory."""
    return _pdf(data, page) if media_type == PDF else _image(data, page)


def _pdf(data: bytes, page: int) -> Drawn:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    pages = len(document)
    if not 1 <= page <= pages:
        return Drawn(pages, b"")
    leaf = document[page - 1]
    width, height = leaf.get_size()
    scale = min(WIDTH / max(width, 1), MAX_HEIGHT / max(height, 1))
    return Drawn(pages, _png(leaf.render(scale=scale).to_pil()))


def _image(data: bytes, page: int) -> Drawn:
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
        return Drawn(1, _png(upright))


def _png(picture: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")  # type: ignore[attr-defined]
    return out.getvalue()


def main(arguments: list[str]) -> int:
    confined.confine(memory=MEMORY, seconds=SECONDS)
    media_type, page = arguments[0], int(arguments[1])
    drawn = draw(sys.stdin.buffer.read(), media_type, page)
    sys.stdout.buffer.write(b"%d\n%s" % (drawn.pages, drawn.png))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
