"""The characters of a PDF page, placed as a reader sees them: points, y downwards, any rotation undone."""

from __future__ import annotations

import ctypes
from collections import Counter
from math import atan2, cos, hypot, pi, sin
from statistics import median
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

from procurement.extraction import limits
from procurement.extraction.layout import Glyph


class _Char(NamedTuple):
    """Origin and advance in page space (points, y upwards); angle in radians; size in points."""

    char: str
    x: float
    y: float
    width: float
    size: float
    angle: float


def page_glyphs(page: Any) -> list[Glyph]:
    """Visible characters in the direction most of them are written; a page pdfium cannot read gives none."""
    text_page = pdfium_c.FPDFText_LoadPage(page.raw)
    if not text_page:
        return []
    try:
        chars = _characters(text_page)
    finally:
        pdfium_c.FPDFText_ClosePage(text_page)
    return _upright(chars)


def _characters(text_page: Any) -> list[_Char]:
    """By origin and advance, never by outline: a font that is neither embedded nor installed has none."""
    get_unicode, get_box = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetLooseCharBox
    get_origin, get_size = pdfium_c.FPDFText_GetCharOrigin, pdfium_c.FPDFText_GetFontSize
    get_matrix = pdfium_c.FPDFText_GetMatrix
    x, y = ctypes.c_double(), ctypes.c_double()
    box, matrix = pdfium_c.FS_RECTF(), pdfium_c.FS_MATRIX()
    x_ref, y_ref, box_ref, matrix_ref = (ctypes.byref(thing) for thing in (x, y, box, matrix))
    out: list[_Char] = []
    for index in range(min(pdfium_c.FPDFText_CountChars(text_page), limits.MAX_GLYPHS)):
        code = get_unicode(text_page, index)
        if code <= 32 or code in (0xA0, 0x3000, 0xFFFE, 0xFFFF) or code > 0x10FFFF:
            continue
        if not get_origin(text_page, index, x_ref, y_ref):
            continue
        last = out[-1] if out else None
        if last and last.angle == 0 and last.y == y.value and 0 < x.value - last.x < 2 * last.size:
            size, angle = last.size, 0.0  # the next character of the same run
        else:
            get_matrix(text_page, index, matrix_ref)
            size = get_size(text_page, index) * hypot(matrix.c, matrix.d) or 1.0
            angle = atan2(matrix.b, matrix.a)
        width = box.right - box.left if angle == 0 and get_box(text_page, index, box_ref) else 0.0
        if not 0.1 * size < width < 2 * size:
            width = size * (0.5 if code < 0x2E80 else 1.0)
        out.append(_Char(chr(code), x.value, y.value, width, size, angle))
    return out


def _upright(chars: list[_Char]) -> list[Glyph]:
    """Turned so that the text most of the page is written in runs from left to right."""
    if not chars:
        return []
    if not any(char.angle for char in chars):
        return [Glyph(char.char, char.x, char.x + char.width, -char.y, char.size) for char in chars]
    quarters = Counter(round(char.angle / (pi / 2)) % 4 for char in chars)
    quarter = quarters.most_common(1)[0][0]
    chars = [char for char in chars if round(char.angle / (pi / 2)) % 4 == quarter]
    turn = median((char.angle - quarter * pi / 2 + pi) % (2 * pi) - pi for char in chars) + quarter * pi / 2
    across, up = cos(turn), sin(turn)
    out = []
    for char in chars:
        left = char.x * across + char.y * up
        out.append(Glyph(char.char, left, left + char.width, char.x * up - char.y * across, char.size))
    return out
