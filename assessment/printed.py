"""What papers printed as PDF are put together from: words, tables, lines to sign on, and the A4 document around them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import black, whitesmoke
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Table, TableStyle

from assessment.paper_form import BOTTOM, LEFT, RIGHT, TOP

Cells = Sequence[str]
RULED = [
    ("GRID", (0, 0), (-1, -1), 0.5, black),
    ("BACKGROUND", (0, 0), (-1, 0), whitesmoke),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
]
_NARROW = [("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3)]


def document(
    pages: list[Flowable],
    title: str,
    *,
    author: str = "",
    each_page: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """The PDF. `each_page` draws on every page beside what flows: canvas and document are given."""
    out = io.BytesIO()
    drawn = {"onFirstPage": each_page, "onLaterPages": each_page} if each_page else {}
    SimpleDocTemplate(
        out,
        pagesize=A4,
        topMargin=TOP * mm,
        bottomMargin=BOTTOM * mm,
        leftMargin=LEFT * mm,
        rightMargin=RIGHT * mm,
        title=title,
        author=author,
    ).build(pages, **drawn)
    return out.getvalue()


def words(content: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(content), style)


def grid(
    head: Cells, rows: Iterable[Cells], widths: Sequence[float], *, font: str, size: float, align: str = ""
) -> LongTable:
    """A table over as many pages as it needs, its head on each. `widths` in mm, `size` in points.

    `align`: a letter a column, l, m or r; without it what begins with a figure stands at the right.
    """
    cell = ParagraphStyle("cell", fontName=font, fontSize=size, leading=13, wordWrap="CJK")
    styles = {
        "l": cell,
        "m": ParagraphStyle("middle", parent=cell, alignment=TA_CENTER),
        "r": ParagraphStyle("right", parent=cell, alignment=TA_RIGHT),
    }

    def shown(row: Cells) -> list[Paragraph]:
        places = align or ["r" if text[:1].isdigit() else "l" for text in row]
        return [words(text, styles[place]) for text, place in zip(row, places, strict=True)]

    body = [[words(text, styles["m"]) for text in head], *map(shown, rows)]
    columns = [width * mm for width in widths]
    return LongTable(body, colWidths=columns, repeatRows=1, style=TableStyle([*RULED, *_NARROW]))


def to_sign(style: ParagraphStyle, *places: tuple[str, float]) -> Table:
    """Words side by side, each with its width in mm, room to write in counted in. Paragraphs would fold blanks between."""
    cells = [words(text, style) for text, _ in places]
    widths = [width * mm for _, width in places]
    return Table([cells], colWidths=widths, hAlign="LEFT", style=[("LEFTPADDING", (0, 0), (-1, -1), 0)])
