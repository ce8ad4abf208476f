"""The switch for optical recognition: off unless EXTRACTION_OCR is set and the package is installed."""

from __future__ import annotations

import os
from typing import Any

from procurement.extraction.documents import guess
from procurement.extraction.layout import Glyph
from procurement.extraction.partial import Partial
from procurement.extraction.text import all_text, read_text

_OFF = ("", "0", "no", "off", "false")


def enabled() -> bool:
    return os.environ.get("EXTRACTION_OCR", "").strip().lower() not in _OFF


def glyphs_of(image: Any) -> list[Glyph]:
    """Characters of a PIL picture, spread evenly over their boxes. Raises ImportError without rapidocr."""
    from rapidocr import RapidOCR  # type: ignore[import-not-found,unused-ignore]

    result = RapidOCR()(image.convert("RGB"))
    out: list[Glyph] = []
    for box, text in zip(result.boxes if result.boxes is not None else (), result.txts or (), strict=False):
        left, right = float(min(p[0] for p in box)), float(max(p[0] for p in box))
        top, bottom = float(min(p[1] for p in box)), float(max(p[1] for p in box))
        weights = [0.5 if char.isascii() else 1.0 for char in text]
        step = (right - left) / (sum(weights) or 1.0)
        for char, weight in zip(text, weights, strict=True):
            out.append(Glyph(char, left, left + weight * step, bottom, (bottom - top) * 0.8))
            left += weight * step
    return out


def add(image: Any, partial: Partial) -> None:
    """Adds what the picture's text says as a reading of source "ocr"."""
    try:
        glyphs = glyphs_of(image)
    except ImportError:
        partial.problems.append("文字识别已打开，但服务器没有安装识别组件 rapidocr。")
        return
    reading, paged = read_text([glyphs], "ocr", "识别文字")
    if partial.document == "unknown":
        partial.document = guess(all_text(paged))
    partial.readings.append(reading)
    partial.problems.append("部分内容由图片文字识别得出，请逐项核对。")
