"""The notice as a PDF, with the same words and the same margins as the Word document."""

from __future__ import annotations

from typing import Any

from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from assessment.notice.content import Notice
from assessment.paper_form import BODY, BOTTOM, FOOT, LEADING, LEFT, RIGHT, TITLE
from assessment.printed import document, grid, words
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
    pages: list[Flowable] = [words(notice.title, title), Spacer(1, LEADING), words(notice.to, text)]
    pages.append(words(notice.opening, indented))
    for section in notice.sections:
        pages += [words(each, indented) for each in (section.title, *section.paragraphs)]
        if section.table:
            pages += [
                Spacer(1, 2 * mm),
                grid(section.table.head, section.table.rows, WIDTHS, font=font, size=SMALL, align="mlrrrr"),
                Spacer(1, 4 * mm),
            ]
    pages += [words(notice.closing, indented), Spacer(1, LEADING)]
    pages += [words(each, signed) for each in (notice.signer, notice.signed) if each]

    def number(canvas: Any, page: Any) -> None:
        """页码: on the outer side, 7 mm below the text."""
        canvas.setFont(font, FOOT)
        words, height = f"— {page.page} —", (BOTTOM - 7) * mm
        if page.page % 2:
            canvas.drawRightString(A4[0] - RIGHT * mm - FOOT, height, words)
        else:
            canvas.drawString(LEFT * mm + FOOT, height, words)

    return document(pages, notice.title, author=notice.signer, each_page=number)
