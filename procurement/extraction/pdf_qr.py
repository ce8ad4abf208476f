"""The QR code on a PDF page: the top left corner first, the whole page and finer only when it is not there."""

from __future__ import annotations

from math import sqrt
from typing import Any

from procurement.extraction import limits
from procurement.extraction.partial import Reading
from procurement.extraction.qr import read_qr

DPI = 150
FINE = 300
CORNER = 0.25  # of the page's width and height
LEAST = 130.0  # points


def draw(page: Any, dpi: float, crop: tuple[float, float, float, float] = (0, 0, 0, 0)) -> Any:
    """A grey PIL picture of a page, at most MAX_DRAWN pixels."""
    width, height = page.get_size()
    area = max(width - crop[0] - crop[2], 1.0) * max(height - crop[1] - crop[3], 1.0)
    scale = min(dpi / 72, sqrt(limits.MAX_DRAWN / area))
    return page.render(scale=scale, crop=crop, grayscale=True, may_draw_forms=False).to_pil()


def page_qr(page: Any, *, thorough: bool) -> Reading | None:
    """`thorough` also tries the whole page more finely."""
    width, height = page.get_size()
    right = max(width - max(width * CORNER, LEAST), 0.0)
    bottom = max(height - max(height * CORNER, LEAST), 0.0)
    if reading := read_qr(draw(page, DPI, (0, bottom, right, 0))):
        return reading
    if reading := read_qr(draw(page, DPI)):
        return reading
    return read_qr(draw(page, FINE)) if thorough else None
