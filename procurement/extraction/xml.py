"""E-invoices as XML: 数电票 (EInvoice) and the 2019 schema (eInvoice); bare, or inside a zip."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from procurement.extraction import limits
from procurement.extraction.archive import Archive
from procurement.extraction.data import Item
from procurement.extraction.partial import Partial, Reading
from procurement.extraction.qr import parse_qr
from procurement.extraction.values import compact, name_text, parse_date, parse_decimal, parse_money
from procurement.extraction.xmltree import first, local, parse_xml, text_of, value

TAGS: dict[str, tuple[str, ...]] = {
    "invoice_code": ("InvoiceCode", "EInvoiceCode"),
    "invoice_number": ("InvoiceNumber", "InvoiceNo", "EIid", "EInvoiceNumber"),
    "issue_date": ("IssueTime", "IssueDate", "RequestTime"),
    "total": ("TotalTax-includedAmount", "TaxInclusiveTotalAmount", "TotalTaxIncludedAmount", "TotalAmount"),
    "amount": ("TotalAmWithoutTax", "TaxExclusiveTotalAmount"),
    "tax": ("TotalTaxAm", "TaxTotalAmount"),
    "check_code": ("InvoiceCheckCode",),
    "buyer_name": ("BuyerName", "PayerPartyName"),
    "buyer_id": ("BuyerIdNum", "BuyerTaxID", "PayerPartyCode"),
    "seller_name": ("SellerName", "InvoicingPartyName"),
    "seller_id": ("SellerIdNum", "SellerTaxID", "InvoicingPartyCode"),
}
LABELS = {"total": "价税合计", "amount": "不含税金额", "tax": "税额", "issue_date": "开票日期"}
_KINDS = {"01": "31", "02": "32"}  # GeneralOrSpecialVAT/LabelCode → type of the QR code


def convert(name: str, text: str) -> object:
    """The value of a field from its text; None when it makes no sense."""
    if name in ("total", "amount", "tax"):
        return parse_money(text)
    if name == "issue_date":
        return parse_date(text)
    if name.endswith("_name"):
        return name_text(text)
    return compact(text)


def _item(row: Element) -> Item:
    cells = {local(cell): text_of(cell) for cell in row}

    def cell(*tags: str) -> str:
        return next((cells[tag] for tag in tags if cells.get(tag)), "")

    return Item(
        name=name_text(cell("ItemName", "Item")),
        quantity=parse_decimal(cell("Quantity")),
        unit=name_text(cell("MeaUnits", "MeasurementDimension")),
        amount=parse_money(cell("Amount")),
        tax=parse_money(cell("ComTaxAm", "TaxAmount")),
    )


def _texts(root: Element) -> dict[str, str]:
    """Local name → the first text found under it, in one walk."""
    out: dict[str, str] = {}
    for element in root.iter():
        tag = local(element)
        if tag not in out and (text := text_of(element)):
            out[tag] = text
    return out


def readings_from_xml(root: Element, label: str, problems: list[str]) -> list[Reading]:
    """What an invoice's XML says, and its GraphCode as a second reading; [] when it is no invoice."""
    reading = Reading("xml", label)
    texts = _texts(root)
    for name, tags in TAGS.items():
        text = next((texts[tag] for tag in tags if tag in texts), "")
        if not text:
            continue
        found = convert(name, text)
        if found in (None, ""):
            problems.append(f"{label}中的{LABELS.get(name, name)}“{text[:30]}”读不懂。")
        reading.put(name, found)
    if not {"invoice_number", "total", "seller_name"} & set(reading.fields):
        return []
    kind = first(root, "GeneralOrSpecialVAT")
    reading.put("invoice_type", _KINDS.get(value(kind, "LabelCode").zfill(2), "") if kind is not None else "")
    rows = [row for row in root.iter() if local(row) in ("IssuItemInformation", "GoodsInfo")]
    items = [_item(row) for row in rows[: limits.MAX_ITEMS]]
    reading.items = [item for item in items if item.name or item.amount is not None]
    code = parse_qr(texts.get("GraphCode", ""), f"{label}的GraphCode")
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
