"""What a file is, told by its content alone: its name may say anything."""

from __future__ import annotations

import re

from procurement.extraction.archive import entry_names

PDF = "application/pdf"
OFD = "application/ofd"
ZIP = "application/zip"
XML = "application/xml"
IMAGES = frozenset({"image/png", "image/jpeg", "image/webp", "image/bmp", "image/tiff"})

_SUFFIXES = {PDF: ".pdf", OFD: ".ofd", ZIP: ".zip", XML: ".xml", "image/jpeg": ".jpg", "image/tiff": ".tif"}

_SIGNS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"BM.{8}", re.DOTALL), "image/bmp"),
    (re.compile(rb"II\*\x00|MM\x00\*"), "image/tiff"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|[A-Za-z])"), XML),
    (re.compile(rb"(?:\xff\xfe<\x00|\xfe\xff\x00<)"), XML),
)
_HEAD = 1024  # bytes in which a PDF may begin, as its readers allow


def media_type(data: bytes) -> str:
    """The media type of a receipt; "" for a kind of file that no receipt is."""
    if data.startswith(b"PK\x03\x04"):
        return _of_zip(data)
    if b"%PDF-" in data[:_HEAD]:
        return PDF
    if _is_html(data):
        return ""
    return next((kind for sign, kind in _SIGNS if sign.match(data)), "")


def suffix(media_type: str) -> str:
    """The ending of a file's name that says what it is, whatever it was called."""
    if media_type in IMAGES:
        return _SUFFIXES.get(media_type, f".{media_type.partition('/')[2]}")
    return _SUFFIXES.get(media_type, "")


def _of_zip(data: bytes) -> str:
    """An OFD, a zip of something, or "" for an Office document."""
    names = entry_names(data)
    if names is None:  # broken: by its bytes, so that the right reader says so
        return OFD if b"OFD.xml" in data else ZIP
    plain = {name.replace("\\", "/").rsplit("/", 1)[-1].lower() for name in names}
    if "ofd.xml" in plain:
        return OFD
    return "" if "[content_types].xml" in plain else ZIP


def _is_html(data: bytes) -> bool:
    return (
        re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|svg)", data[:_HEAD], re.IGNORECASE)
        is not None
    )
