"""The notice as a PDF, with the same words and the same margins as the Word document."""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import black, whitesmoke
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from assessment.notice.content import Notice, Table
from assessment.paper_form import BODY, BOTTOM, FOOT, LEADING, LEFT, RIGHT, TITLE, TOP
from cixi_xiezuo.fonts import chinese

SMALL = 10
"""Points in tables: so that six columns of amounts fit."""
WIDTHS = (12, 46, 30, 30, 16, 22)  # mm


def write(notice: Notice) -> bytes:
    font = chinese()
    text = ParagraphStyle("text", fontName=font, fontSize=BODY, leading=LEADING, wordWrap="CJK")
    indented = ParagraphStyle("indented", parent=text, firstLineIndent=2 * BODY)
    title = ParagraphStyle("title", parent=text, fontSize=TITLE, leading=1.5 * TITLE, alignment=TA_CENTER)
    signed = ParagraphStyle("signed", parent=text, alignment=TA_RIGHT, rightIndent=4 * BODY)
    pages: list[Flowable] = [_words(notice.title, title), Spacer(1, LEADING), _words(notice.to, text)]
    pages.append(_words(notice.opening, indented))
    for section in notice.sections:
        pages += [_words(each, indented) for each in (section.title, *section.paragraphs)]
        if section.table:
            pages += [Spacer(1, 2 * mm), _table(section.table, font), Spacer(1, 4 * mm)]
    pages += [_words(notice.closing, indented), Spacer(1, LEADING)]
    pages += [_words(each, signed) for each in (notice.signer, notice.signed) if each]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        topMargin=TOP * mm,
        bottomMargin=BOTTOM * mm,
        leftMargin=LEFT * mm,
        rightMargin=RIGHT * mm,
        title=notice.title,
        author=notice.signer,
    )

    def number(canvas: Any, page: Any) -> None:
        """页码: on the outer side, 7 mm below the text."""
        canvas.setFont(font, FOOT)
        words, height = f"— {page.page} —", (BOTTOM - 7) * mm
        if page.page % 2:
            canvas.drawRightString(A4[0] - RIGHT * mm - FOOT, height, words)
        else:
            canvas.drawString(LEFT * mm + FOOT, height, words)

    document.build(pages, onFirstPage=number, onLaterPages=number)
    return out.getvalue()


def _words(content: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(content), style)


def _table(content: Table, font: str) -> LongTable:
    cell = ParagraphStyle("cell", fontName=font, fontSize=SMALL, leading=13, wordWrap="CJK")
    right = ParagraphStyle("right", parent=cell, alignment=TA_RIGHT)
    middle = ParagraphStyle("middle", parent=cell, alignment=TA_CENTER)
    styles = (middle, cell, right, right, right, right)
    rows = [[_words(words, middle) for words in content.head]]
    rows += [[_words(words, style) for words, style in zip(row, styles, strict=True)] for row in content.rows]
    look = [
        ("GRID", (0, 0), (-1, -1), 0.5, black),
        ("BACKGROUND", (0, 0), (-1, 0), whitesmoke),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    return LongTable(rows, colWidths=[width * mm for width in WIDTHS], repeatRows=1, style=TableStyle(look))
