"""`read`: bytes → InvoiceData. Whatever goes wrong becomes a sentence in `problems`."""

from __future__ import annotations

import logging

from procurement.extraction.data import InvoiceData
from procurement.extraction.limits import Refused, check_size
from procurement.extraction.merge import merge
from procurement.extraction.parsers import best

logger = logging.getLogger(__name__)
UNKNOWN = "认不出文件格式：请上传 PDF、OFD、XML 或 JPG、PNG 图片。"
HEIC = "这是 HEIC 照片，无法读取：请在手机上另存为 JPG，或把相机格式改为“兼容性最佳”后重拍。"
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc")


def read(data: bytes, name: str = "") -> InvoiceData:
    """What the file says. The format is told by content; `name` only breaks ties."""
    format_ = ""
    try:
        check_size(data)
        parser = best(data, name)
        if parser is None:
            return InvoiceData(problems=(HEIC if data[4:12] in _HEIC else UNKNOWN,))
        format_ = parser.format
        return merge(parser.parse(data))
    except Refused as refused:
        return InvoiceData(format=format_, problems=(str(refused),))
    except MemoryError:
        return InvoiceData(format=format_, problems=("读取这个文件需要的内存超过上限，未读取。",))
    except RecursionError:
        return InvoiceData(format=format_, problems=("文件内部嵌套过深，未读取。",))
    except Exception as error:  # the last resort that keeps the promise of the docstring
        logger.warning("extraction failed: %s", type(error).__name__)
        return InvoiceData(format=format_, problems=("文件已损坏或格式不规范，无法读取，请核对原文件。",))
