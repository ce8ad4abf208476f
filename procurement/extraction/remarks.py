"""What a paper says beside the invoice's own fields: that it comes from the 832 platform, that it is a red invoice of another."""

from __future__ import annotations

import re

from procurement.extraction.partial import Partial

_PLATFORM = re.compile(r"832(?:采购)?平台|扶贫832|脱贫地区农副产品网络销售平台|fupin832", re.I)
_RED_DIGITAL = re.compile(r"被红冲蓝字(?:数电|电子)?(?:发)?票号码:?(\d{20})")
_RED_CLASSIC = re.compile(r"对应(?:正数|蓝字)发票代码:?(\d{10,12})[,，;；]?(?:发票)?号码:?(\d{8})")


def note(text: str, partial: Partial) -> None:
    """Look through a page's text (folded, without blanks) or an XML's remark; what was set stays."""
    text = text.replace("\n", "")
    partial.on_832 = partial.on_832 or bool(_PLATFORM.search(text))
    if not partial.red_of:
        digital, classic = _RED_DIGITAL.search(text), _RED_CLASSIC.search(text)
        partial.red_of = digital[1] if digital else f"{classic[1]}-{classic[2]}" if classic else ""
