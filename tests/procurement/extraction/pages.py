"""Pages made of words at places, for what no generator draws."""

from decimal import Decimal

from assessment.demo.invoice_pen import Pen
from procurement.extraction.layout import Glyph
from procurement.extraction.partial import Reading
from procurement.extraction.text import read_text

Words = tuple[float, float, str]  # left edge, baseline, what is written; in type sizes of 10
SIZE = 10.0


def glyphs(*rows: Words) -> list[Glyph]:
    """Characters as a PDF places them: ASCII half as wide as the rest, blanks left out."""
    out = []
    for x, y, text in rows:
        left = x
        for char in text:
            width = SIZE * (0.5 if char.isascii() else 1.0)
            if not char.isspace():
                out.append(Glyph(char, left, left + width, y, SIZE))
            left += width
    return out


def read_words(*rows: Words) -> Reading:
    """What the reader finds on one page of these words."""
    return read_text([glyphs(*rows)])[0]


def pdf(*pages: list[Words], qr: str = "") -> bytes:
    """A PDF of pages of words (millimetres), the first with a QR code."""
    pen = Pen("")
    for number, rows in enumerate(pages):
        if number:
            pen.next_page()
        elif qr:
            pen.qr(6.5, 6, 20, qr)
        for x, y, text in rows:
            pen.text(x, y, text)
    return pen.done()


def yuan(text: str) -> Decimal:
    return Decimal(text)
