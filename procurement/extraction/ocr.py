"""The switch for optical recognition: off unless EXTRACTION_OCR is set and the package is installed."""

from __future__ import annotations

import os
import unicodedata
from functools import cache
from math import atan2, cos, sin
from statistics import median
from typing import Any

from procurement.extraction.documents import guess
from procurement.extraction.layout import Glyph
from procurement.extraction.partial import Partial
from procurement.extraction.text import all_text, read_text

_OFF = ("", "0", "no", "off", "false")


def enabled() -> bool:
    return os.environ.get("EXTRACTION_OCR", "").strip().lower() not in _OFF


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # type: ignore[import-not-found,unused-ignore]

    return RapidOCR()


def _skew(boxes: list[Any]) -> float:
    """The angle of the upper edges of wide boxes, in radians."""
    wide = [box for box in boxes if box[1][0] - box[0][0] > 3 * abs(box[3][1] - box[0][1])]
    return median(atan2(box[1][1] - box[0][1], box[1][0] - box[0][0]) for box in wide) if wide else 0.0


def _spread(text: str, corners: list[tuple[float, float]]) -> list[Glyph]:
    """Characters evenly over a box; downwards when it is a column."""
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
        out.append(Glyph(char, left, left + weight * step, bottom, (bottom - top) * 0.8))
        left += weight * step
    return out


def glyphs_of(image: Any) -> list[Glyph]:
    """Characters of a PIL picture, straightened. Raises ImportError without rapidocr."""
    result = _engine()(image.convert("RGB"))
    boxes = [
        [(float(x), float(y)) for x, y in box] for box in (result.boxes if result.boxes is not None else ())
    ]
    turn = _skew(boxes)
    across, down = cos(turn), sin(turn)
    out: list[Glyph] = []
    for box, said in zip(boxes, result.txts or (), strict=False):
        text = "".join(
            char for char in said if unicodedata.category(char) != "So"
        )  # ticks seen in empty space
        out += _spread(text, [(x * across + y * down, y * across - x * down) for x, y in box])
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
