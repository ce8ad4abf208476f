"""PDF: attached XML, QR code on the page image, text by position; several pages; scans by QR (and OCR if on)."""

from __future__ import annotations

from typing import Any

import pypdfium2

from procurement.extraction import limits, ocr
from procurement.extraction.documents import fill_document, guess
from procurement.extraction.layout import Glyph
from procurement.extraction.limits import Refused
from procurement.extraction.partial import Partial, Reading
from procurement.extraction.pdf_actions import warnings_of
from procurement.extraction.pdf_pages import page_glyphs
from procurement.extraction.pdf_qr import draw, page_qr
from procurement.extraction.qr import several
from procurement.extraction.remarks import note
from procurement.extraction.tags import convert, field_of
from procurement.extraction.text import all_text, invoice_pages, numbers_by_page, read_text
from procurement.extraction.unlabelled import fill_by_pattern
from procurement.extraction.xml import readings_from_xml
from procurement.extraction.xmltree import parse_xml

_ATTACHMENTS = 20
_DATA = (".xml", ".xbrl", ".ofd", ".json", ".txt")  # attached by those who issue invoices
_HARDLY = 30  # characters a page: what a scan has at most, with the mark of the scanning app
_SCANNED = 5  # pages of a scan looked at for a QR code
_DPI = 200  # of the picture that is recognised
_NOTHING = "PDF 是扫描件，没有文字也没有读到二维码，请手工填写。"
_PROPERTIES = (
    "InvoiceNumber",
    "IssueTime",
    "TotalAmWithoutTax",
    "TotalTaxAm",
    "TotalTax-includedAmount",
    "SellerIdNum",
)
_PASSWORD = 4  # FPDF_ERR_PASSWORD


class PdfParser:
    format = "pdf"

    def score(self, data: bytes, name: str) -> int:
        if data.startswith(b"%PDF-"):
            return 100
        return 50 if b"%PDF-" in data[:1024] else 0  # readers allow some bytes before the header

    def parse(self, data: bytes) -> Partial:
        partial = Partial("pdf")
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
                raise Refused("PDF 设有密码，无法读取，请上传没有密码的原文件。") from error
            raise Refused("PDF 已损坏或不完整，请重新下载原文件。") from error
        try:
            partial.problems += warnings_of(data)
            self._attached(document, partial)
            self._properties(document, partial)
            self._pages(document, partial)
        finally:
            document.close()
        return partial

    def _attached(self, document: Any, partial: Partial) -> None:
        for index in range(min(document.count_attachments(), _ATTACHMENTS)):
            try:
                held = document.get_attachment(index)
                if not held.get_name().lower().endswith(_DATA):
                    partial.problems.append(
                        f"PDF 中附带文件“{held.get_name()[:60]}”，没有读取，下载后请勿打开。"
                    )
                    continue
                root = parse_xml(bytes(held.get_data()))
            except (pypdfium2.PdfiumError, Refused, ValueError):
                continue
            if root is not None and (found := readings_from_xml(root, "PDF内嵌XML", partial.problems)):
                partial.readings += found
                return

    def _properties(self, document: Any, partial: Partial) -> None:
        """What the tax administration writes into the properties of its files."""
        reading = Reading("xml", "PDF文件属性")
        for key in _PROPERTIES:
            known, text = field_of(key), document.get_metadata_value(key).strip()
            if known and text:
                reading.put(known[0], convert(known[0], text))
        if "invoice_number" in reading.fields:
            partial.readings.append(reading)

    def _pages(self, document: Any, partial: Partial) -> None:
        count = len(document)
        if count == 0:
            raise Refused("PDF 里没有页面。")
        if count > limits.MAX_PAGES:
            partial.problems.append(f"文件有 {count} 页，只读了前 {limits.MAX_PAGES} 页。")
        pages, glyphs = self._load(document, count, partial)
        if not pages:
            return
        reading, paged = read_text(glyphs)
        numbers = numbers_by_page(paged)
        if len(numbers) > 1:
            partial.problems.append(several(numbers))
        start, stop = invoice_pages(paged)
        if stop - start < len(pages):  # a cover before it, another invoice behind it
            reading, paged = read_text(glyphs[start:stop])
        text = all_text(paged)
        partial.document = guess(text)
        note(text, partial)
        scanned = sum(len(page) for page in glyphs) < _HARDLY * len(pages)
        if scanned:
            self._codes(pages[start:], partial)
        elif partial.document in ("invoice", "unknown"):
            code = page_qr(pages[start], thorough=partial.document == "invoice")
            partial.readings += [code] if code else []
        known = {name for other in partial.readings for name in other.fields} | set(reading.fields)
        if partial.document == "invoice" or partial.readings:
            if not {"invoice_number", "total", "issue_date", "seller_id"} <= known:
                fill_by_pattern(paged, reading)
        else:
            fill_document(text, reading)
        partial.readings.append(reading)
        if scanned:
            self._scanned(pages[start:], partial)
        elif self._unreadable(partial):
            ocr.ask(partial, (draw(page, _DPI) for page in pages[start : start + 1]))

    def _codes(self, pages: list[Any], partial: Partial) -> None:
        """The QR code of the first scanned page that has one; another invoice's code behind it is said."""
        numbers: list[str] = []
        for page in pages[:_SCANNED]:
            code = page_qr(page, thorough=not numbers)
            if code and code.fields["invoice_number"] not in numbers:
                numbers.append(code.fields["invoice_number"])
                partial.readings += [code] if len(numbers) == 1 else []
        if len(numbers) > 1:
            partial.problems.append(several(numbers))

    def _unreadable(self, partial: Partial) -> bool:
        """An invoice by its code whose text says nothing: outlines, or a font without a table."""
        known = {name for reading in partial.readings for name in reading.fields}
        return bool(partial.readings[:-1]) and not {"total", "seller_name"} & known

    def _load(self, document: Any, count: int, partial: Partial) -> tuple[list[Any], list[list[Glyph]]]:
        """The pages that can be read, and their characters."""
        pages, glyphs = [], []
        for index in range(min(count, limits.MAX_PAGES)):
            try:
                page = document[index]
            except pypdfium2.PdfiumError:
                partial.problems.append(f"第 {index + 1} 页已损坏，未读取。")
                continue
            pages.append(page)
            glyphs.append(page_glyphs(page))
        return pages, glyphs

    def _scanned(self, pages: list[Any], partial: Partial) -> None:
        known = bool(partial.readings[:-1])
        unread = "PDF 是扫描件，只读到二维码中的内容，其余请补填。" if known else _NOTHING
        ocr.ask(partial, (draw(page, _DPI) for page in pages), of=len(pages), unread=unread)
