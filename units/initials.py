"""The initials of a Chinese name's pinyin, by which people look for it: "qcw" finds 青瓷湾学校."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=20_000)
def initials(name: str) -> str:
    """The first letter of each character's pinyin, other characters as they are: "青瓷湾832" is "qcw832"."""
    from pypinyin import (
        Style,
        pinyin,
    )  # its dictionary takes a fifth of a second: whoever searches by letters waits

    return "".join(part[0] for part in pinyin(name, style=Style.FIRST_LETTER)).lower()
