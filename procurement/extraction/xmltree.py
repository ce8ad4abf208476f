"""Lenient and safe XML: no DTD, no entity, no network; byte-order marks and undeclared prefixes forgiven."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from procurement.extraction import limits
from procurement.extraction.limits import Refused

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TAG_PREFIX = re.compile(r"<(/?)[\w.-]*:(?=[\w.-])")
_NAMESPACE = re.compile(r"\s+xmlns(?::[\w.-]*)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ATTRIBUTE_PREFIX = re.compile(r"(\s)[\w.-]+:([\w.-]+\s*=\s*[\"'])")
_LOOSE_AMP = re.compile(r"&(?!(?:#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot|apos);)")


def _text(data: bytes) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    declared = _ENCODING.search(data[:200])
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    if name in ("gb2312", "gbk"):
        name = "gb18030"
    for encoding in (name, "utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "replace")


def parse_xml(data: bytes) -> Element | None:
    """The root, None when this is no XML even with patience. Raises Refused for DTDs, entities and giants."""
    if len(data) > limits.MAX_XML:
        raise Refused(f"XML 有 {len(data) / 1048576:.1f} MB，超过上限 {limits.MAX_XML // 1048576} MB。")
    text = _DECLARATION.sub("", _text(data).lstrip("\ufeff \t\r\n"), count=1).lstrip()
    if not text.startswith("<"):
        return None
    root: Element
    try:
        root = fromstring(text, forbid_dtd=True)
        return root
    except DefusedXmlException as error:
        raise Refused("XML 中含有 DTD 或实体定义，出于安全未读取。") from error
    except (ParseError, ValueError):
        pass
    mended = _CONTROL.sub("", text)
    mended = _NAMESPACE.sub("", mended)
    mended = _LOOSE_AMP.sub("&amp;", _ATTRIBUTE_PREFIX.sub(r"\1\2", _TAG_PREFIX.sub(r"<\1", mended)))
    try:
        root = fromstring(mended, forbid_dtd=True)
        return root
    except DefusedXmlException as error:
        raise Refused("XML 中含有 DTD 或实体定义，出于安全未读取。") from error
    except (ParseError, ValueError):
        return None


def local(element: Element) -> str:
    """Tag without namespace or prefix."""
    return element.tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1] if isinstance(element.tag, str) else ""


def first(element: Element, *names: str) -> Element | None:
    """First descendant whose local name is one of `names`, in the order of `names`."""
    for name in names:
        for child in element.iter():
            if local(child) == name:
                return child
    return None


def text_of(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def value(element: Element | None, *names: str) -> str:
    """Text of the first descendant of these names that has text."""
    if element is None:
        return ""
    for name in names:
        for child in element.iter():
            if local(child) == name and (found := text_of(child)):
                return found
    return ""
