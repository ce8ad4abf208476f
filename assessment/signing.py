"""The lines at the end of a printed paper where people write and seal: words with room behind each."""

from __future__ import annotations

from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, Table


def line(style: ParagraphStyle, *words: tuple[str, float]) -> Table:
    """Each of the words with its width, room to write in counted in, mm. Paragraphs would fold blanks between them."""
    cells = [Paragraph(escape(text), style) for text, _ in words]
    widths = [width * mm for _, width in words]
    return Table([cells], colWidths=widths, hAlign="LEFT", style=[("LEFTPADDING", (0, 0), (-1, -1), 0)])
