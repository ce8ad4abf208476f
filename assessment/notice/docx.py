"""The notice as an editable Word document, laid out as GB/T 9704-2012 asks."""

from __future__ import annotations

import copy
import io
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from lxml import etree

from assessment.notice.content import Notice, Table
from assessment.paper_form import BODY, BOTTOM, FOOT, LEADING, LEFT, RIGHT, TABLE, TITLE, TOP

TITLE_FONT, HEADING_FONT, TEXT_FONT, LATIN = "方正小标宋简体", "黑体", "仿宋_GB2312", "Times New Roman"
INSTEAD = {
    TITLE_FONT: "方正小标宋_GBK,华文中宋,宋体,SimSun",
    HEADING_FONT: "SimHei,Noto Sans CJK SC",
    TEXT_FONT: "仿宋,FangSong,华文仿宋,宋体",
}
"""What a reader without the font takes for it."""
WIDTHS = (12, 42, 29, 29, 18, 26)
"""Columns of a table, mm."""


def write(notice: Notice) -> bytes:
    document = Document()
    _page(document)
    _fonts(document)
    core = document.core_properties
    core.title, core.author, core.comments = notice.title, notice.signer, ""
    _line(document, notice.title, TITLE_FONT, TITLE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, "")
    _line(document, notice.to)
    _line(document, notice.opening, indent=True)
    for section in notice.sections:
        _line(document, section.title, HEADING_FONT, indent=True, level=1)
        for words in section.paragraphs:
            _line(document, words, indent=True)
        if section.table:
            _table(document, section.table)
    _line(document, notice.closing, indent=True)
    _line(document, "")
    for words in filter(None, (notice.signer, notice.signed)):
        line = _line(document, words, align=WD_ALIGN_PARAGRAPH.RIGHT)
        line.paragraph_format.right_indent = Pt(4 * BODY)  # 右空四字
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.footer_distance = Mm(BOTTOM - 7 - 5)  # 页码, 5 mm high, stands 7 mm below the text
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right_indent"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left_indent"),
    ):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.alignment = align
        setattr(line.paragraph_format, side, Pt(FOOT))  # 空一字
        _run(line, "— ", "宋体", FOOT)
        _field(line, "PAGE")
        _run(line, " —", "宋体", FOOT)


def _fonts(document: Any) -> None:
    """The body's font in the style of all paragraphs; and what stands in for each font that may be missing."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), TEXT_FONT)
    part = next(rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/fontTable"))
    assert isinstance(part, Part)
    table = parse_xml(part.blob)
    for name, others in INSTEAD.items():
        table.append(
            parse_xml(f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{others}"/></w:font>')
        )
    part._blob = etree.tostring(table, encoding="UTF-8", standalone=True)


def _line(
    document: Any,
    words: str,
    font: str = TEXT_FONT,
    size: float = BODY,
    *,
    indent: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
    level: int = 0,
) -> Any:
    """A paragraph; `level`: of the outline, so that Word's navigation lists the sections."""
    line = document.add_paragraph()
    shape = line.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(LEADING, size * 1.5))
    if indent:
        shape.first_line_indent = Pt(2 * size)
    line.alignment = align
    if level:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        line._p.get_or_add_pPr().append(outline)
        shape.keep_with_next = True
    _run(line, words, font, size)
    return line


def _run(line: Any, words: str, font: str, size: float) -> Any:
    run = line.add_run(words)
    run.font.name, run.font.size = LATIN, Pt(size)
    run._r.rPr.rFonts.set(qn("w:eastAsia"), font)
    return run


def _field(line: Any, name: str) -> None:
    """A number that Word fills in, such as that of the page."""
    run = _run(line, "", "宋体", FOOT)
    for kind in ("begin", name, "end"):
        if kind == name:
            part = OxmlElement("w:instrText")
            part.text = name
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _table(document: Any, content: Table) -> None:
    """The head again on each page. Rows are copies of one: python-docx itself takes seconds for hundreds."""
    table = document.add_table(rows=2, cols=len(WIDTHS), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(width)
    for row, font in zip(table.rows, (HEADING_FONT, TEXT_FONT), strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = Mm(width)
            line = cell.paragraphs[0]
            line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)
            _run(line, "", font, TABLE)
    head, blank = (row._tr for row in table.rows)
    _fill(head, content.head, numbers=False)
    head.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    blank.getparent().remove(blank)
    for row in content.rows:
        made = copy.deepcopy(blank)
        _fill(made, row, numbers=True)
        head.getparent().append(made)
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(0)
    after.paragraph_format.line_spacing = Pt(12)


def _fill(row: Any, cells: tuple[str, ...], *, numbers: bool) -> None:
    for place, (cell, words) in enumerate(zip(row.tc_lst, cells, strict=True)):
        line = cell.p_lst[0]
        line.r_lst[0].text = words
        if not numbers or place == 0:
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif place > 1:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
