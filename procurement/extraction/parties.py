"""Buyer and seller: the two blocks with 名称 and 纳税人识别号, told apart by their vertical label or by place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from procurement.extraction import limits
from procurement.extraction.layout import Column, Glyph, Line, folded, printed
from procurement.extraction.partial import Reading
from procurement.extraction.values import compact, name_text

_ROLES = "购买方|购货方|购货单位|购买单位|受票方|收购方|购方|买方|销售方|销货方|销货单位|销售单位|开票方|出售方|销方|卖方"
_NAME = re.compile(rf"({_ROLES})?(?:单位)?名称(?:及身份证号码/(?:组织机构代码|统一社会信用代码))?:?")
_ID = re.compile(
    rf"({_ROLES})?(?:(?:统一社会信用代码/?)?纳税人识别号(?:/身份证件?号码)?:?|统一社会信用代码(?:/身份证件?号码)?:|税号:)"
)
_ANY = re.compile(r"名称|识别号|信用代码|税号")
_BUYS = ("购", "买", "受", "收")
_OTHER = re.compile(r"地址、?电话:|开户行及账号:|开户银行:|密码区|发票号码|开票日期|校验码|机器编号")
_CODE = re.compile(r"[0-9A-Z]{15,20}")
_SLID = re.compile(r"(?<=[\u4e00-\u9fff）)])\s*[0-9A-Z]{15,20}(?![0-9A-Z]).*")
_ALIKE = str.maketrans("OIZS", "0125")
_WIDE = 2.2  # a gap of this many type sizes ends a name


@dataclass
class _Label:
    kind: str  # name, id
    line: Line
    index: int  # of the line on its page
    start: int  # of the label in the line
    end: int
    role: str = ""  # buyer, seller

    @property
    def x(self) -> float:
        return self.line.glyphs[self.start].x0


def _inside_word(line: Line, start: int, end: int) -> bool:
    """Whether 名称 is part of a longer label, as 项目名称, or of a name, rather than a label of its own."""
    if start == 0 or line.text[start] != "名":
        return False
    gap = line.glyphs[start].x0 - line.glyphs[start - 1].x1
    if line.text[end - 1] != ":":
        return gap < line.size
    return line.text[start - 1] in "目务物品人户" and gap < 0.6 * line.size


def _labels(lines: Sequence[Line]) -> list[_Label]:
    found = []
    for index, line in enumerate(lines):
        if not _ANY.search(line.text):
            continue
        for pattern, kind in ((_NAME, "name"), (_ID, "id")):
            for match in pattern.finditer(line.text):
                if _inside_word(line, match.start(), match.end()):
                    continue
                said = match[1]
                role = ("buyer" if said.startswith(_BUYS) else "seller") if said else ""
                found.append(_Label(kind, line, index, match.start(), match.end(), role))
    return found[: limits.MAX_LABELS]


def _role_by_column(label: _Label, columns: Sequence[Column]) -> str:
    beside = [
        column
        for column in columns
        if column.word[0] in "购销"
        and column.x < label.x
        and column.top - 2 * label.line.size <= label.line.y <= column.bottom + 2.5 * label.line.size
    ]
    if not beside:
        return ""
    return "buyer" if max(beside, key=lambda column: column.x).word[0] == "购" else "seller"


def _assign_roles(labels: Sequence[_Label], columns: Sequence[Column]) -> None:
    """By the vertical label beside; else, on one line the left is the buyer, on two the upper."""
    for label in labels:
        label.role = label.role or _role_by_column(label, columns)
    for kind in ("name", "id"):
        same = [label for label in labels if label.kind == kind]
        taken = {label.role for label in same}
        free = [label for label in same if not label.role]
        size = free[0].line.size if free else 1.0
        one_row = (
            max((o.line.y for o in free), default=0.0) - min((o.line.y for o in free), default=0.0) < 3 * size
        )
        free.sort(key=lambda label: (label.x, label.line.y) if one_row else (label.line.y, label.x))
        left = [role for role in ("buyer", "seller") if role not in taken]
        for label, role in zip(free, left, strict=False):
            label.role = role


def _value(label: _Label, labels: Sequence[_Label], columns: Sequence[Column]) -> list[Glyph]:
    """Glyphs right of a label, up to the next label, block or wide gap."""
    line = label.line
    bound = _right_bound(label, labels, columns)
    stop = len(line.glyphs)
    for match in (*_NAME.finditer(line.text), *_ID.finditer(line.text), *_OTHER.finditer(line.text)):
        if match.start() >= label.end:
            stop = min(stop, match.start())
    runs = line.segments(_WIDE, label.end, stop)
    if not runs:
        return []
    inside = [glyph for glyph in runs[0] if glyph.x0 < bound]
    for glyph in runs[0][len(inside) :]:  # a name longer than its block runs on without a gap
        if not inside or glyph.x0 - inside[-1].x1 > 0.3 * glyph.size or glyph.char.isascii():
            break
        inside.append(glyph)
    return inside


def _right_bound(label: _Label, labels: Sequence[_Label], columns: Sequence[Column]) -> float:
    size, y = label.line.size, label.line.y
    edges = [
        c.x - 0.2 * size for c in columns if c.x > label.x + size and c.top - size <= y <= c.bottom + 3 * size
    ]
    edges += [
        o.x - 0.2 * size
        for o in labels
        if o.role != label.role and o.x > label.x + 5 * size and abs(o.line.y - y) < 8 * size
    ]
    return min(edges, default=float("inf"))


def _beside(label: _Label, lines: Sequence[Line], bound: float) -> list[Glyph]:
    """A value in one or two rows set a little above or below its label."""
    size, edge = label.line.size, label.line.glyphs[label.end - 1].x1
    out: list[Glyph] = []
    for line in lines[max(0, label.index - 1) : label.index + 2]:
        if line is label.line or abs(line.y - label.line.y) > 0.95 * size:
            continue
        inside = [glyph for glyph in line.glyphs if edge <= glyph.x0 < bound]
        text = "".join(folded(glyph.char) for glyph in inside)
        if inside and not (_NAME.search(text) or _ID.search(text) or _OTHER.search(text)):
            out += Line(inside, line.y).segments(_WIDE)[0]
    return out


def _second_row(label: _Label, first: list[Glyph], lines: Sequence[Line], bound: float) -> list[Glyph]:
    """A long name's continuation: the next line, starting where the name starts, before any label."""
    if not first:
        return []
    size = first[0].size
    for line in lines[label.index + 1 : label.index + 3]:
        if line.y - label.line.y > 1.9 * size:
            break
        inside = [g for g in line.glyphs if first[0].x0 - 0.6 * size <= g.x0 < bound]
        text = "".join(folded(g.char) for g in inside)
        before = [g for g in line.glyphs if inside and g.x0 < inside[0].x0][-1:]
        apart = not before or inside[0].x0 - before[0].x1 > 0.8 * size  # not the middle of a label
        starts_here = inside and apart and abs(inside[0].x0 - first[0].x0) <= 0.8 * size
        if starts_here and not _NAME.search(line.text) and not _OTHER.search(text) and not _ID.search(text):
            return inside if re.search(r"[\u4e00-\u9fff]", text) else []
    return []


def _clean_name(text: str, *, recognised: bool) -> str:
    """Without a code that slid into it; recognised brackets, which mix their widths, made those of Chinese."""
    name = name_text(_SLID.sub("", text))
    return (
        name.replace("(", "（").replace(")", "）")
        if recognised and re.search(r"[\u4e00-\u9fff]", name)
        else name
    )


def _mended(code: str) -> str:
    """A recognised credit code with the letters that none has made the figures they look like, if its check digit agrees."""
    from stdnum.cn import uscc

    other = code.translate(_ALIKE)
    return other if len(other) == 18 and not uscc.is_valid(code) and uscc.is_valid(other) else code


def read_parties(lines: Sequence[Line], columns: Sequence[Column], reading: Reading) -> None:
    """Puts buyer_name, buyer_id, seller_name, seller_id as far as they are there."""
    labels = _labels(lines)
    _assign_roles(labels, columns)
    for label in labels:
        if not label.role:
            continue
        glyphs = _value(label, labels, columns) or _beside(label, lines, _right_bound(label, labels, columns))
        if label.kind == "name":
            glyphs = glyphs + _second_row(label, glyphs, lines, _right_bound(label, labels, columns))
            reading.put(
                f"{label.role}_name", _clean_name(printed(glyphs), recognised=reading.source == "ocr")
            )
        elif match := _CODE.match(compact(printed(glyphs)).upper()):
            reading.put(f"{label.role}_id", _mended(match[0]) if reading.source == "ocr" else match[0])
