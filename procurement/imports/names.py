"""What a mistyped name probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggestion(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if near:
        return f"是否为 {'、'.join(near)}？不在结对范围的填“其他832脱贫县”或“其他地区”"
    return "请填结对县（市、区）的全名，不在结对范围的填“其他832脱贫县”或“其他地区”"
