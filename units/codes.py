"""Codes as people type them → as they are kept. Each raises ValueError (Chinese) on a bad one."""

from __future__ import annotations

import re
import unicodedata

SIZE = 32
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_TAKEN = frozenset({"new"})
"""Words that stand in addresses in a code's place."""


def plain(text: str) -> str:
    """Full-width letters and digits to ASCII, outer blanks out."""
    return unicodedata.normalize("NFKC", text).strip()


def unit_code(text: str) -> str:
    """A new unit's 单位编码."""
    code = plain(text)
    if not _CODE.fullmatch(code) or len(code) > SIZE or code.lower() in _TAKEN:
        raise ValueError(f"单位编码由字母、数字和 - _ . 组成，最多 {SIZE} 位，如 S01")
    return code


def uscc(text: str) -> str:
    """统一社会信用代码, or an older code of at least 15; "" for none."""
    code = plain(text).replace(" ", "").upper()
    if code and not (15 <= len(code) <= 20 and code.isalnum() and code.isascii()):
        raise ValueError("应为 18 位数字或大写字母")
    return code
