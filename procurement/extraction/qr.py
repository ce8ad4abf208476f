"""The QR code of an e-invoice: `01,TYPE,CODE,NUMBER,AMOUNT,YYYYMMDD,CHECK,CRC,`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from procurement.extraction.partial import Reading
from procurement.extraction.values import compact, parse_date, parse_money

WITHOUT_TAX = {"01", "04", "08", "10"}  # AMOUNT is 不含税金额
WITH_TAX = {"31", "32", "51"}  # AMOUNT is 价税合计
TYPES = {
    "01": "增值税专用发票",
    "04": "增值税普通发票",
    "08": "增值税电子专用发票",
    "10": "增值税电子普通发票",
    "31": "数电票（增值税专用发票）",
    "32": "数电票（普通发票）",
    "51": "数电票（铁路电子客票）",
    "61": "数电票（航空运输电子客票行程单）",
}


def parse_qr(text: str, label: str = "二维码") -> Reading | None:
    """None when the text is not an invoice's."""
    parts = [compact(part) for part in text.strip().replace("，", ",").split(",")]
    if len(parts) < 6 or parts[0] != "01" or not parts[1].isdigit() or len(parts[1]) != 2:
        return None
    kind, code, number, amount, day = parts[1:6]
    if not number.isdigit() or len(number) not in (8, 20) or (code and not code.isdigit()):
        return None
    reading = Reading("qr", label)
    reading.put("invoice_type", kind)
    reading.put("invoice_code", code)
    reading.put("invoice_number", number)
    reading.put("issue_date", parse_date(day))
    if kind in WITH_TAX | WITHOUT_TAX:
        reading.put("total" if kind in WITH_TAX else "amount", parse_money(amount))
    elif len(number) == 20:  # a younger kind: all known ones state 价税合计; of older kinds nothing is known
        reading.put("total", parse_money(amount), weak=True)
    if len(parts) > 6 and parts[6].isdigit():
        reading.put("check_code", parts[6])
    return reading


def decode(image: Any) -> list[str]:
    """Texts of the QR codes in an image (PIL, or anything with a buffer); the library's failures are no codes."""
    import zxingcpp

    try:
        found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    except (RuntimeError, ValueError, TypeError):
        return []
    return [code.text for code in found]


def read_qr(image: Any, label: str = "二维码") -> Reading | None:
    """The invoice's code among those in the image."""
    return next(iter(read_qrs(image, label)), None)


def read_qrs(image: Any, label: str = "二维码") -> list[Reading]:
    """The codes of different invoices in the image."""
    found: dict[str, Reading] = {}
    for text in decode(image):
        if reading := parse_qr(text, label):
            found.setdefault(reading.fields["invoice_number"], reading)
    return list(found.values())


def several(numbers: Sequence[str]) -> str:
    """The sentence about a file with more than one invoice."""
    return f"文件里有 {len(numbers)} 张发票（{'、'.join(numbers)}），只读了第一张，请拆开上传。"
