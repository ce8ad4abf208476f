"""Optical recognition of scans and photos: off unless the setting EXTRACTION_OCR is on. Its words are never sure."""

from __future__ import annotations

import itertools
import os
import time
import unicodedata
from collections.abc import Iterable
from math import atan2, cos, inf, sin
from statistics import median
from typing import Any

from procurement.extraction.documents import fill_document, guess
from procurement.extraction.layout import Glyph
from procurement.extraction.ocr_engine import SIDE, Corners, Seen, recognise
from procurement.extraction.partial import Partial
from procurement.extraction.remarks import note
from procurement.extraction.text import all_text, read_text

_OFF = ("", "0", "no", "off", "false")
PAGES = 3  # of a scan, the first ones


def enabled() -> bool:
    return os.environ.get("EXTRACTION_OCR", "").strip().lower() not in _OFF


def _skew(seen: list[Seen]) -> float:
    """The angle of the upper edges of wide boxes, in radians."""
    boxes = [line.corners for line in seen]
    wide = [box for box in boxes if box[1][0] - box[0][0] > 3 * abs(box[3][1] - box[0][1])]
    return median(atan2(box[1][1] - box[0][1], box[1][0] - box[0][0]) for box in wide) if wide else 0.0


def _spread(text: str, corners: Corners) -> list[Glyph]:
    """Characters evenly over a box, on its middle (figures are lower than words); downwards when it is a column."""
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    if len(text) > 1 and bottom - top > 1.5 * (right - left):
        step = (bottom - top) / len(text)
        return [
            Glyph(char, left, right, top + (index + 0.9) * step, min(step, right - left))
            for index, char in enumerate(text)
        ]
    weights = [0.5 if char.isascii() else 1.0 for char in text]
    step = (right - left) / (sum(weights) or 1.0)
    out = []
    for char, weight in zip(text, weights, strict=True):
        out.append(Glyph(char, left, left + weight * step, (top + bottom) / 2, (bottom - top) * 0.8))
        left += weight * step
    return out


def glyphs_of(image: Any) -> list[Glyph]:
    """Characters of a PIL picture, straightened. Raises ImportError without the packages."""
    seen = recognise(image)
    turn = _skew(seen)
    across, down = cos(turn), sin(turn)
    out: list[Glyph] = []
    for line in seen:
        # ticks seen in empty space are no text
        text = "".join(char for char in line.text if unicodedata.category(char) != "So")
        out += _spread(text, [(x * across + y * down, y * across - x * down) for x, y in line.corners])
    return out


def ask(partial: Partial, images: Iterable[Any], *, of: int = 1, unread: str = "") -> None:
    """Leaves the first PAGES of `of` pictures (PIL, grey) for `add`; `unread` is said where nobody recognises them."""
    partial.unread = unread
    if not enabled():
        return
    for image in itertools.islice(images, PAGES):
        image = image.convert("L")
        image.thumbnail((SIDE, SIDE))
        partial.pictures.append(image)
    partial.pictured = of


def add(partial: Partial, seconds: float = inf) -> None:
    """Adds what the text of the partial's pictures says as a reading of source "ocr".

    A further page is begun only where the time that the longest so far took is left of `seconds`.
    """
    try:
        pages = _within(partial.pictures, seconds)
    except ImportError:
        partial.problems.append("文字识别已打开，但服务器没有安装识别组件 rapidocr。")
        return
    if len(pages) < partial.pictured:
        partial.problems.append(
            f"扫描件有 {partial.pictured} 页，只识别了前 {len(pages)} 页，其余各页请自行核对补填。"
        )
    reading, paged = read_text(pages, "ocr", "识别文字")
    text = all_text(paged)
    note(text, partial)
    if partial.document == "unknown":
        partial.document = guess(text)
    if partial.document != "invoice" and "invoice_number" not in reading.fields:
        fill_document(text, reading)
    partial.readings.append(reading)
    partial.problems.append("部分内容由图片文字识别得出，请逐项核对。")


def _within(pictures: Iterable[Any], seconds: float) -> list[list[Glyph]]:
    """The characters of as many pages as there is time for, of the first in any case."""
    pages: list[list[Glyph]] = []
    longest, left = 0.0, seconds
    for picture in pictures:
        if pages and left < longest:
            break
        began = time.monotonic()
        pages.append(glyphs_of(picture))
        taken = time.monotonic() - began
        longest, left = max(longest, taken), left - taken
    return pages
