"""`read`: bytes → InvoiceData. Whatever goes wrong becomes a sentence in `problems`."""

from __future__ import annotations

import logging
from dataclasses import replace
from math import inf

from procurement.extraction import ocr
from procurement.extraction.data import InvoiceData
from procurement.extraction.limits import Refused, check_size
from procurement.extraction.merge import merge
from procurement.extraction.parsers import best
from procurement.extraction.partial import Partial

logger = logging.getLogger(__name__)
UNKNOWN = "认不出文件格式：请上传 PDF、OFD、XML 或 JPG、PNG 图片。"
HEIC = "这是 HEIC 照片，无法读取：请在手机上另存为 JPG，或把相机格式改为“兼容性最佳”后重拍。"
FAILED = "图片文字识别没有成功，未采用。"
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc")


def read(data: bytes, name: str = "") -> InvoiceData:
    """What the file says. The format is told by content; `name` only breaks ties."""
    plain, partial = look(data, name)
    return recognised(plain, partial) if partial else plain


def look(data: bytes, name: str = "") -> tuple[InvoiceData, Partial | None]:
    """The record without recognition; and where pictures are left for it, all that was found so far."""
    format_ = ""
    try:
        check_size(data)
        parser = best(data, name)
        if parser is None:
            return InvoiceData(problems=(HEIC if data[4:12] in _HEIC else UNKNOWN,)), None
        format_ = parser.format
        partial = parser.parse(data)
        problems = [*partial.problems, partial.unread] if partial.unread else partial.problems
        return merge(replace(partial, problems=problems)), partial if partial.pictures else None
    except Refused as refused:
        problem = str(refused)
    except MemoryError:
        problem = "读取这个文件需要的内存超过上限，未读取。"
    except RecursionError:
        problem = "文件内部嵌套过深，未读取。"
    except Exception as error:  # the last resort that keeps the promise of the docstring
        logger.warning("extraction failed: %s", type(error).__name__)
        problem = "文件已损坏或格式不规范，无法读取，请核对原文件。"
    return InvoiceData(format=format_, problems=(problem,)), None


def recognised(plain: InvoiceData, partial: Partial, seconds: float = inf) -> InvoiceData:
    """The record with what the pictures say, read in about `seconds`; `plain` and a sentence where that fails."""
    try:
        ocr.add(partial, seconds)
        return merge(partial)
    except Exception as error:  # an engine's failure leaves what was read without it
        logger.warning("recognition failed: %s", type(error).__name__)
        return replace(plain, problems=(FAILED, *plain.problems))
