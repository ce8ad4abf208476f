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
    """In page space, y upwards; angle in radians; size in points."""

    char: str
    left: float
    right: float
    bottom: float
    top: float
    x: float
    y: float
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
    get_unicode, get_box = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetCharBox
    get_origin, get_size = pdfium_c.FPDFText_GetCharOrigin, pdfium_c.FPDFText_GetFontSize
    get_matrix = pdfium_c.FPDFText_GetMatrix
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    refs = [ctypes.byref(number) for number in (left, right, bottom, top)]
    x_ref, y_ref = ctypes.byref(x), ctypes.byref(y)
    matrix = pdfium_c.FS_MATRIX()
    matrix_ref = ctypes.byref(matrix)
    out: list[_Char] = []
    for index in range(min(pdfium_c.FPDFText_CountChars(text_page), limits.MAX_GLYPHS)):
        code = get_unicode(text_page, index)
        if code <= 32 or code in (0xA0, 0x3000, 0xFFFE, 0xFFFF) or code > 0x10FFFF:
            continue
        if not get_box(text_page, index, *refs) or not get_origin(text_page, index, x_ref, y_ref):
            continue
        get_matrix(text_page, index, matrix_ref)
        size = get_size(text_page, index) * hypot(matrix.c, matrix.d)
        angle = atan2(matrix.b, matrix.a)
        box = (left.value, right.value, bottom.value, top.value)
        out.append(_Char(chr(code), *box, x.value, y.value, size or 1.0, angle))
    return out


def _upright(chars: list[_Char]) -> list[Glyph]:
    if not chars:
        return []
    quarters = Counter(round(char.angle / (pi / 2)) % 4 for char in chars)
    quarter = quarters.most_common(1)[0][0]
    chars = [char for char in chars if round(char.angle / (pi / 2)) % 4 == quarter]
    if quarter == 0 and all(char.angle == 0 for char in chars):
        return [Glyph(char.char, char.left, char.right, -char.y, char.size) for char in chars]
    turn = median((char.angle - quarter * pi / 2 + pi) % (2 * pi) - pi for char in chars) + quarter * pi / 2
    across, up = cos(turn), sin(turn)
    out = []
    for char in chars:
        middle, height = (char.bottom + char.top) / 2, char.top - char.bottom
        width = char.right - char.left
        centre = (char.left + char.right) / 2 * across + middle * up
        half = (width if quarter % 2 == 0 else height) / 2
        out.append(Glyph(char.char, centre - half, centre + half, char.x * up - char.y * across, char.size))
    return out
