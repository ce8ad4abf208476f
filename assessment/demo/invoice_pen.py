"""Drawing an invoice with reportlab: millimetres from the top left corner, one CID font, no font files."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import zxingcpp
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SONG, MONO = "STSong-Light", "Courier"
BROWN = (156 / 255, 82 / 255, 35 / 255)
BLACK = (0.0, 0.0, 0.0)
SIZE = 9.0  # points, the size of what is filled in
WIDTH, HEIGHT = 210.0, 140.0


class Pen:
    """A canvas of pages; the same calls give the same bytes."""

    def __init__(self, title: str) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(SONG))
        self._buffer = io.BytesIO()
        self._canvas = Canvas(
            self._buffer, pagesize=(WIDTH * mm, HEIGHT * mm), invariant=1, pageCompression=1
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor("")
        self._height = HEIGHT

    def page(self, height: float = HEIGHT) -> None:
        """Sets the size of the page that is about to be drawn."""
        self._height = height
        self._canvas.setPageSize((WIDTH * mm, height * mm))

    def next_page(self) -> None:
        self._canvas.showPage()

    def done(self) -> bytes:
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = SIZE,
        font: str = SONG,
        color: tuple[float, float, float] = BLACK,
        align: str = "left",
    ) -> None:
        """`y` is the baseline; `align` says which point of the words `x` is."""
        self._canvas.setFont(font, size)
        self._canvas.setFillColorRGB(*color)
        back = {"left": 0.0, "right": 1.0, "centre": 0.5}[align] * pdfmetrics.stringWidth(words, font, size)
        # Where no Chinese font is installed a lone character has no extent and readers drop it: a blank gives it one.
        words = f"{words} " if len(words) == 1 else words
        self._canvas.drawString(x * mm - back, (self._height - y) * mm, words)

    def label(self, x: float, y: float, words: str, *, size: float = SIZE, align: str = "left") -> None:
        self.text(x, y, words, size=size, color=BROWN, align=align)

    def down(self, x: float, y: float, words: str, step: float = 3.6) -> None:
        """A label written downwards."""
        for index, char in enumerate(words):
            self.label(x, y + index * step, char)

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.6) -> None:
        self._canvas.setStrokeColorRGB(*BROWN)
        self._canvas.setLineWidth(width)
        self._canvas.line(x0 * mm, (self._height - y0) * mm, x1 * mm, (self._height - y1) * mm)

    def box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        for ends in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            self.line(*ends)

    def crossed_circle(self, x: float, y: float) -> None:
        """The ⊗ before a sum in capitals."""
        self._canvas.setStrokeColorRGB(*BLACK)
        self._canvas.setLineWidth(0.6)
        centre = (x * mm, (self._height - y) * mm)
        self._canvas.circle(*centre, 1.8 * mm)
        for side in (1, -1):
            reach = 1.2 * mm
            self._canvas.line(
                centre[0] - reach, centre[1] - side * reach, centre[0] + reach, centre[1] + side * reach
            )

    def seal(self, x: float, y: float) -> None:
        """The red oval that every e-invoice carries; its words are outlines elsewhere, here they are left out."""
        self._canvas.setStrokeColorRGB(0.85, 0.1, 0.1)
        self._canvas.setLineWidth(1.0)
        left, right = (x - 15) * mm, (x + 15) * mm
        self._canvas.ellipse(left, (self._height - y - 10) * mm, right, (self._height - y + 10) * mm)
        self._canvas.setLineWidth(0.4)
        self._canvas.ellipse(
            left + 4, (self._height - y - 10) * mm + 4, right - 4, (self._height - y + 10) * mm - 4
        )

    def qr(self, x: float, y: float, side: float, content: str) -> None:
        """The code with two modules of blank around it, drawn as one path of row-wise runs."""
        code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        image: Any = code.to_image(scale=1, add_quiet_zones=False)
        rows: Any = memoryview(image).tolist()
        step = side / (len(rows) + 4)
        path = self._canvas.beginPath()
        for row, modules in enumerate(rows):
            dark = [column for column, light in enumerate(modules) if not light]
            for start, length in _runs(dark):
                left, bottom = x + (start + 2) * step, self._height - y - (row + 3) * step
                path.rect(left * mm, bottom * mm, length * step * mm, step * mm)
        self._canvas.setFillColorRGB(*BLACK)
        self._canvas.drawPath(path, stroke=0, fill=1)


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring numbers as (first, how many)."""
    for _, group in itertools.groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        members = [place for _, place in group]
        yield members[0], len(members)


def wrapped(words: str, width: float, size: float = SIZE, font: str = SONG) -> list[str]:
    """Words in lines no wider than `width` mm."""
    rows = [""]
    for char in words:
        if rows[-1] and pdfmetrics.stringWidth(rows[-1] + char, font, size) > width * mm:
            rows.append("")
        rows[-1] += char
    return rows


def yuan(value: Decimal) -> str:
    return f"¥{value:.2f}"


def plain_number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
