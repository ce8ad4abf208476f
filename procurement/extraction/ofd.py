"""OFD (GB/T 33190): attached invoice XML, tags over the page's text, the file's own data, QR code, page text."""

from __future__ import annotations

import posixpath
from typing import Any
from xml.etree.ElementTree import Element

from procurement.extraction import limits, ocr
from procurement.extraction.archive import Archive, entry_names
from procurement.extraction.documents import guess
from procurement.extraction.image import load
from procurement.extraction.limits import Refused
from procurement.extraction.ofd_pages import Page, load_pages
from procurement.extraction.ofd_tags import read_tags
from procurement.extraction.partial import Partial, Reading
from procurement.extraction.qr import read_qr
from procurement.extraction.remarks import note
from procurement.extraction.tags import convert
from procurement.extraction.text import all_text, read_text
from procurement.extraction.unlabelled import fill_by_pattern
from procurement.extraction.xml import readings_from_xml
from procurement.extraction.xmltree import local, parse_xml, text_of

_PICTURES = 20  # looked at for a QR code
_PAGE = 500_000  # pixels of a page's picture, at least
_CUSTOM = {
    "发票代码": "invoice_code",
    "发票号码": "invoice_number",
    "开票日期": "issue_date",
    "价税合计": "total",
    "合计金额": "amount",
    "合计税额": "tax",
    "校验码": "check_code",
    "购买方名称": "buyer_name",
    "购买方纳税人识别号": "buyer_id",
    "销售方名称": "seller_name",
    "销售方纳税人识别号": "seller_id",
}


class _Package:
    """The XML parts of an OFD and where they stand; what is missing or broken is None."""

    def __init__(self, archive: Archive, problems: list[str]) -> None:
        self.archive, self.problems = archive, problems
        self._parsed: dict[str, Element | None] = {}

    def xml(self, name: str | None) -> Element | None:
        if name and name not in self._parsed:
            self._parsed[name] = self._parse(name)
        return self._parsed[name] if name else None

    def _parse(self, name: str) -> Element | None:
        data = self.archive.read(name)
        if not data:
            return None
        try:
            root = parse_xml(data)
        except Refused as refused:
            self.problems.append(f"{name}：{refused}")
            return None
        if root is None:
            self.problems.append(f"OFD 内的“{name}”格式有误，未读取。")
        return root

    def located(self, root: Element | None, tag: str, base: str) -> list[str]:
        """Entries that the elements `tag` under `root` point to."""
        if root is None:
            return []
        places = [
            text_of(element) or element.get("BaseLoc", "") for element in root.iter() if local(element) == tag
        ]
        return [found for place in places if place and (found := self.archive.find(place, base))]

    def by_name(self, *parts: str) -> list[str]:
        """Entries whose lower-case name contains one of `parts`, for writers that do not list them."""
        return [name for name in self.archive.names if any(part in name.lower() for part in parts)]


def _custom_data(root: Element | None) -> Reading:
    reading = Reading("xml", "OFD文件属性")
    for element in root.iter() if root is not None else ():
        field = _CUSTOM.get(element.get("Name", "")) if local(element) == "CustomData" else None
        if field and text_of(element):
            reading.put(field, convert(field, text_of(element)))
    return reading


def _attached(package: _Package, document: Element | None, base: str, partial: Partial) -> None:
    """The invoice among the attachments: by Attachments.xml, else any entry in a folder that looks like it."""
    names: list[str] = []
    for listing in package.located(document, "Attachments", base):
        names += package.located(package.xml(listing), "FileLoc", posixpath.dirname(listing))
    names += [name for name in package.by_name("attach", "original_invoice") if name not in names]
    for name in names:
        if not name.lower().endswith(".xml") or name.lower().endswith("attachments.xml"):
            continue
        root = package.xml(name)
        if root is not None and (found := readings_from_xml(root, "OFD内嵌XML", partial.problems)):
            partial.readings += found
            return


def _tagged(
    package: _Package, document: Element | None, base: str, pages: list[Page], partial: Partial
) -> None:
    names: list[str] = []
    for listing in package.located(document, "CustomTags", base):
        names += package.located(package.xml(listing), "FileLoc", posixpath.dirname(listing))
    names = names or [
        name for name in package.by_name("/tags/") if not name.lower().endswith("customtags.xml")
    ]
    for name in dict.fromkeys(names):
        root = package.xml(name)
        if root is not None:
            reading = read_tags(root, pages)
            if reading.fields:
                partial.readings.append(reading)


def _qr(package: _Package, partial: Partial) -> None:
    """The QR code among the pictures; a picture that cannot be read is passed over."""
    pixels = 0
    for name in package.by_name(".png", ".jpg", ".jpeg", ".bmp", ".gif")[:_PICTURES]:
        try:
            picture = load(package.archive.read(name) or b"")
        except Refused:
            continue
        pixels += picture.width * picture.height
        if pixels > limits.MAX_PIXELS:
            return
        if reading := read_qr(picture):
            partial.readings.append(reading)
            return


def _scans(package: _Package) -> list[Any]:
    """The pictures as large as a page, in the order of their names: an OFD made of scans."""
    out = []
    for name in sorted(package.by_name(".png", ".jpg", ".jpeg", ".bmp"))[:_PICTURES]:
        try:
            picture = load(package.archive.read(name) or b"")
        except Refused:
            continue
        out += [picture] if picture.width * picture.height > _PAGE else []
    return out


class OfdParser:
    format = "ofd"

    def score(self, data: bytes, name: str) -> int:
        if not data.startswith(b"PK\x03\x04"):
            return 0
        names = entry_names(data)
        if names is None:  # broken: by the bytes, so that the right parser says so
            return 90 if b"OFD.xml" in data else 0
        own = ("ofd.xml", "doc_0/document.xml", "original_invoice.xml")
        return 90 if any(name.lower().endswith(own) for name in names) else 0

    def parse(self, data: bytes) -> Partial:
        archive = Archive(data)
        partial = Partial("ofd", problems=archive.problems)
        package = _Package(archive, partial.problems)
        main = package.xml(archive.find("OFD.xml"))
        if main is None:
            partial.problems.append("OFD 缺少 OFD.xml 或它已损坏，只能尽力读取。")
        roots = package.located(main, "DocRoot", "") or package.by_name("document.xml")
        if not roots:
            partial.problems.append("OFD 中没有找到文档（Document.xml）。")
        if main is not None and sum(local(element) == "DocBody" for element in main.iter()) > 1:
            partial.problems.append("OFD 中有多个文档，只读了第一个。")
        document = package.xml(roots[0]) if roots else None
        base = posixpath.dirname(roots[0]) if roots else "Doc_0"
        pages = load_pages(package, document, base)
        _attached(package, document, base, partial)
        _tagged(package, document, base, pages, partial)
        custom = _custom_data(main)
        if custom.fields:
            partial.readings.append(custom)
        _qr(package, partial)
        self._text(pages, partial)
        if not any(reading.fields for reading in partial.readings) and (scans := _scans(package)):
            ocr.ask(partial, scans, of=len(scans), unread="OFD 是扫描件，没有文字，请手工填写。")
        return partial

    def _text(self, pages: list[Page], partial: Partial) -> None:
        reading, paged = read_text([page.glyphs for page in pages])
        text = all_text(paged)
        known = {name for other in partial.readings for name in other.fields}
        if not {"invoice_number", "total"} <= known | set(reading.fields):
            fill_by_pattern(paged, reading)
        partial.readings.append(reading)
        partial.document = guess(text)
        note(text, partial)
