"""E-invoices as XML: 数电票 (EInvoice) and the 2019 schema (eInvoice); bare, or inside a zip."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from procurement.extraction import limits
from procurement.extraction.archive import Archive
from procurement.extraction.capitals import find_capital
from procurement.extraction.data import LABELS, Item
from procurement.extraction.partial import Partial, Reading
from procurement.extraction.qr import parse_qr
from procurement.extraction.tags import cell_of, convert, field_of, is_row
from procurement.extraction.values import compact, name_text, parse_decimal, parse_money
from procurement.extraction.xmltree import first, local, parse_xml, text_of, value

REMARKS = ("Remark", "Remarks", "Note", "BZ")
_KINDS = {"01": "31", "02": "32"}  # GeneralOrSpecialVAT/LabelCode → type of the QR code


def _item(row: Element) -> Item:
    cells: dict[str, str] = {}
    for cell in row.iter():
        column = cell_of(local(cell))
        if column and (text := text_of(cell)):
            cells.setdefault(column, text)
    return Item(
        name=name_text(cells.get("name", "")),
        quantity=parse_decimal(cells.get("quantity", "")),
        unit=name_text(cells.get("unit", "")),
        amount=parse_money(cells.get("amount", "")),
        tax=parse_money(cells.get("tax", "")),
    )


def _split(root: Element) -> tuple[dict[str, tuple[int, str]], list[Element]]:
    """Field → its text under the best name found, and the rows of the goods table, which are not looked into."""
    texts: dict[str, tuple[int, str]] = {}
    rows: list[Element] = []
    pending = [(root, "")]
    while pending:
        element, parent = pending.pop()
        tag = local(element)
        if is_row(tag):
            rows.append(element)
            continue
        said = [(tag, parent, text_of(element)), *((name, tag, text) for name, text in element.items())]
        for name, inside, text in said:
            known = field_of(name.rsplit("}", 1)[-1], inside) if text.strip() else None
            if known and known[1] < texts.get(known[0], (known[1] + 1, ""))[0]:
                texts[known[0]] = (known[1], text.strip())
        pending += [(child, tag) for child in reversed(element)]
    return texts, rows


def _kind(root: Element) -> str:
    """31 or 32 as 数电票 label themselves; "" for others."""
    label = first(root, "GeneralOrSpecialVAT")
    if label is None:
        return ""
    by_name = {"专": "31", "普": "32"}.get(
        next(iter(re.findall("[专普]", value(label, "LabelName"))), ""), ""
    )
    return _KINDS.get(value(label, "LabelCode").zfill(2), by_name)


def readings_from_xml(root: Element, label: str, problems: list[str]) -> list[Reading]:
    """What an invoice's XML says, and its GraphCode as a second reading; [] when it is no invoice."""
    reading = Reading("xml", label)
    texts, rows = _split(root)
    if not {"invoice_number", "total", "seller_name"} & set(texts):
        return []
    code = parse_qr(texts.pop("qr", (0, ""))[1], f"{label}的GraphCode")
    reading.capital = find_capital(compact(texts.pop("capital", (0, ""))[1]))
    for name, (_, text) in texts.items():
        found = convert(name, text)
        if found in (None, ""):
            problems.append(f"{label}中的{LABELS.get(name, name)}“{text[:30]}”读不懂。")
        reading.put(name, found)
    reading.put("invoice_type", _kind(root))
    reading.remark = value(root, *REMARKS)
    items = [_item(row) for row in rows[: limits.MAX_ITEMS]]
    reading.items = [item for item in items if item.name or item.amount is not None]
    return [reading, code] if code else [reading]


class XmlParser:
    """Bare XML, or a zip that is no OFD and holds one."""

    format = "xml"

    def score(self, data: bytes, name: str) -> int:
        head = data[:512].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"")
        if head.startswith(b"<") and not head[:14].lower().startswith((b"<!doctype html", b"<html")):
            return 60
        return 30 if data.startswith(b"PK\x03\x04") else 0

    def parse(self, data: bytes) -> Partial:
        if data.startswith(b"PK\x03\x04"):
            return self._parse_zip(data)
        partial = Partial("xml")
        root = parse_xml(data)
        if root is None:
            partial.problems.append("XML 不完整或格式有误，无法读取，请重新下载原文件。")
            return partial
        partial.readings = readings_from_xml(root, "XML", partial.problems)
        if not partial.readings:
            partial.problems.append("这个 XML 不是电子发票（没有发票号码、价税合计和销售方）。")
        return partial

    def _parse_zip(self, data: bytes) -> Partial:
        archive = Archive(data)
        partial = Partial("xml", problems=archive.problems)
        names = [name for name in archive.names if not name.startswith("__MACOSX/")]
        found = 0
        for name in (name for name in names if name.lower().endswith(".xml")):
            root = parse_xml(archive.read(name) or b"")
            readings = readings_from_xml(root, "XML", partial.problems) if root is not None else []
            found += bool(readings)
            partial.readings = partial.readings or readings
        if found > 1:
            partial.problems.append(f"压缩包里有 {found} 张 XML 发票，只读了第一张，请逐张上传。")
        if not found:
            return self._parse_other(archive, names, partial)
        return partial

    def _parse_other(self, archive: Archive, names: list[str], partial: Partial) -> Partial:
        """A zip without XML: the one PDF or OFD in it."""
        from procurement.extraction.parsers import registry

        others = [name for name in names if name.lower().endswith((".pdf", ".ofd"))]
        if len(others) > 1:
            partial.problems.append(f"压缩包里有 {len(others)} 个票据文件，请解压后逐个上传。")
        elif others and (inner := archive.read(others[0])):
            for parser in registry():
                if parser.format in ("pdf", "ofd") and parser.score(inner, others[0]) > 0:
                    result = parser.parse(inner)
                    result.problems[:0] = partial.problems
                    return result
            partial.problems.append(f"压缩包里的“{others[0][:60]}”内容与名称不符，无法读取。")
        else:
            partial.format = ""
            partial.problems.append("压缩包里没有找到电子发票（XML、PDF 或 OFD）。")
        return partial
