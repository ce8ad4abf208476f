"""Placed characters → lines, for any source of text (PDF, OFD, OCR). Lengths in any unit, y growing downwards."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median
from typing import NamedTuple

from procurement.extraction import limits
from procurement.extraction.values import plain


class Glyph(NamedTuple):
    """One visible character: as printed, its left and right edge, its baseline, its type size."""

    char: str
    x0: float
    x1: float
    y: float
    size: float


@lru_cache(maxsize=8192)
def folded(char: str) -> str:
    """One half-width character to match labels by; the character itself when it folds to several."""
    norm = unicodedata.normalize("NFKC", plain(char))
    return norm if len(norm) == 1 else char


@dataclass
class Line:
    """Glyphs from left to right without blanks; `text` has one folded character per glyph."""

    glyphs: list[Glyph]
    y: float
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = "".join(folded(glyph.char) for glyph in self.glyphs)

    @property
    def size(self) -> float:
        return self.glyphs[0].size

    def segments(self, gap: float, start: int = 0, stop: int | None = None) -> list[list[Glyph]]:
        """Runs of glyphs that stand no further apart than `gap` type sizes."""
        runs: list[list[Glyph]] = []
        for glyph in self.glyphs[start:stop]:
            if runs and glyph.x0 - runs[-1][-1].x1 <= gap * glyph.size:
                runs[-1].append(glyph)
            else:
                runs.append([glyph])
        return runs


def printed(glyphs: Iterable[Glyph]) -> str:
    """The text of a run, with a blank where Latin words stand apart."""
    out: list[str] = []
    last: Glyph | None = None
    for glyph in glyphs:
        latin = (
            last
            and last.char.isascii()
            and glyph.char.isascii()
            and last.char.isalpha()
            and glyph.char.isalpha()
        )
        if last and latin and glyph.x0 - last.x1 > 0.28 * glyph.size:
            out.append(" ")
        out.append(plain(glyph.char))
        last = glyph
    return "".join(out).strip()


def _deduplicated(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Without the second stroke of text that is drawn twice to look bold."""
    out: list[Glyph] = []
    for glyph in glyphs:
        for other in out[-2:]:
            if other.char == glyph.char and abs(other.x0 - glyph.x0) < 0.15 * glyph.size:
                break
        else:
            out.append(glyph)
    return out


def to_lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines from top to bottom. Characters share a line when their baselines differ by less than 0.4 sizes."""
    visible = sorted((glyph for glyph in glyphs if not glyph.char.isspace()), key=lambda glyph: glyph.y)
    if not visible:
        return []
    tolerance = 0.4 * median(glyph.size for glyph in visible)
    rows: list[list[Glyph]] = []
    anchor = 0.0
    for glyph in visible:
        if rows and glyph.y - anchor <= tolerance:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            anchor = glyph.y
    return [_line(row) for row in rows]


def _line(row: list[Glyph]) -> Line:
    ordered = _deduplicated(sorted(row, key=lambda glyph: glyph.x0)[: limits.MAX_LINE])
    return Line(ordered, sum(glyph.y for glyph in row) / len(row))


def around(lines: Sequence[Line], index: int, reach: float = 0.9) -> Line:
    """A line together with its neighbours nearer than `reach` type sizes: for values set a little off their label."""
    line = lines[index]
    near = [
        glyph
        for other in lines[max(0, index - 1) : index + 2]
        if abs(other.y - line.y) <= reach * line.size
        for glyph in other.glyphs
    ]
    return line if len(near) == len(line.glyphs) else _line(near)


class Column(NamedTuple):
    """A label written downwards, as 购买方 beside its block."""

    word: str
    x: float
    x1: float
    top: float
    bottom: float


_WORDS = (
    "购买方信息",
    "购货方信息",
    "销售方信息",
    "购买方",
    "购货单位",
    "销售方",
    "销货单位",
    "密码区",
    "备注",
)


def take_columns(glyphs: Sequence[Glyph]) -> tuple[list[Column], list[Glyph]]:
    """Vertical labels, and the glyphs without them."""
    letters = set("".join(_WORDS))
    marked = [(index, glyph, folded(glyph.char)) for index, glyph in enumerate(glyphs)]
    marked = [row for row in marked if row[2] in letters][: 3 * limits.MAX_LABELS]
    columns: list[Column] = []
    used: set[int] = set()
    for index, start, char in marked:
        for word in _WORDS:
            if char != word[0] or index in used:
                continue
            chain = [(index, start)]
            for letter in word[1:]:
                last = chain[-1][1]
                below = [
                    (row_index, glyph)
                    for row_index, glyph, found in marked
                    if found == letter
                    and row_index not in used
                    and abs(glyph.x0 - last.x0) < 0.6 * last.size
                    and 0.5 * last.size < glyph.y - last.y < 4 * last.size
                ]
                if not below:
                    break
                chain.append(min(below, key=lambda row: row[1].y))
            if len(chain) == len(word):
                used.update(row_index for row_index, _ in chain)
                columns.append(Column(word, start.x0, start.x1, start.y - start.size, chain[-1][1].y))
    return columns, [glyph for index, glyph in enumerate(glyphs) if index not in used]
