"""The characters of a PDF page, placed as a reader sees them: points, y downwards, any rotation undone."""

from __future__ import annotations

import ctypes
from collections import Counter
from math import atan2, cos, hypot, pi, sin
from statistics import median
from typing import Any

import pypdfium2.raw as pdfium_c

from procurement.extraction import limits
from procurement.extraction.layout import Glyph

_BLANKS = {0xA0, 0x3000, 0xFFFE, 0xFFFF}


def page_glyphs(page: Any) -> list[Glyph]:
    """Visible characters in the direction most of them are written; a page pdfium cannot read gives none."""
    text_page = pdfium_c.FPDFText_LoadPage(page.raw)
    if not text_page:
        return []
    try:
        glyphs, angles = _characters(text_page)
    finally:
        pdfium_c.FPDFText_ClosePage(text_page)
    return _upright(glyphs, angles) if any(angles) else glyphs


def _codes(text_page: Any, count: int) -> list[int]:
    """The characters' code points: in one call where each is one unit of UTF-16, else one by one."""
    room = (ctypes.c_ushort * (count + 1))()
    if pdfium_c.FPDFText_GetText(text_page, 0, count, room) == count + 1:
        return room[:count]
    return [pdfium_c.FPDFText_GetUnicode(text_page, index) for index in range(count)]


def _characters(text_page: Any) -> tuple[list[Glyph], list[float]]:
    """As if all were written from left to right, and the angle of each in radians.

    By origin and advance, never by outline: a font that is neither embedded nor installed has none.

    A loose box begins at the origin and hangs at a fixed height from the baseline: where it hangs as the last one does,
    it is the next of the same run, and its origin need not be asked for.
    """
    get_box, get_origin = pdfium_c.FPDFText_GetLooseCharBox, pdfium_c.FPDFText_GetCharOrigin
    get_size, get_matrix = pdfium_c.FPDFText_GetFontSize, pdfium_c.FPDFText_GetMatrix
    x, y = ctypes.c_double(), ctypes.c_double()
    box, matrix = pdfium_c.FS_RECTF(), pdfium_c.FS_MATRIX()
    x_ref, y_ref, box_ref, matrix_ref = (ctypes.byref(thing) for thing in (x, y, box, matrix))
    out: list[Glyph] = []
    angles: list[float] = []
    left = base = size = angle = 0.0
    edges: tuple[float, float] | None = None  # bottom and top of the last box in this run
    for index, code in enumerate(
        _codes(text_page, min(pdfium_c.FPDFText_CountChars(text_page), limits.MAX_GLYPHS))
    ):
        if code <= 32 or code in _BLANKS or code > 0x10FFFF:
            continue
        boxed = get_box(text_page, index, box_ref)
        start = box.left
        if not (boxed and edges == (box.bottom, box.top) and 0 < start - left < 2 * size):
            if not get_origin(text_page, index, x_ref, y_ref):
                continue
            if not (out and angle == 0 and base == y.value and 0 < x.value - left < 2 * size):
                get_matrix(text_page, index, matrix_ref)
                size = get_size(text_page, index) * hypot(matrix.c, matrix.d) or 1.0
                angle = atan2(matrix.b, matrix.a)
            start, base = x.value, y.value
            edges = (box.bottom, box.top) if boxed and angle == 0 and box.left == start else None
        left = start
        width = box.right - box.left if angle == 0 and boxed else 0.0
        if not 0.1 * size < width < 2 * size:
            width = size * (0.5 if code < 0x2E80 else 1.0)
        out.append(Glyph(chr(code), left, left + width, -base, size))
        angles.append(angle)
    return out, angles


def _upright(glyphs: list[Glyph], angles: list[float]) -> list[Glyph]:
    """Turned so that the text most of the page is written in runs from left to right."""
    quarters = [round(angle / (pi / 2)) % 4 for angle in angles]
    quarter = Counter(quarters).most_common(1)[0][0]
    kept = [
        pair
        for pair, other in zip(zip(glyphs, angles, strict=True), quarters, strict=True)
        if other == quarter
    ]
    turn = median((angle - quarter * pi / 2 + pi) % (2 * pi) - pi for _, angle in kept) + quarter * pi / 2
    across, up = cos(turn), sin(turn)
    out = []
    for glyph, _ in kept:
        left = glyph.x0 * across - glyph.y * up
        width = glyph.x1 - glyph.x0
        out.append(Glyph(glyph.char, left, left + width, glyph.x0 * up + glyph.y * across, glyph.size))
    return out
