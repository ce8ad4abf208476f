"""CustomTag: which text objects of which page make up each field of the invoice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from procurement.extraction import limits
from procurement.extraction.capitals import find_capital
from procurement.extraction.data import Item
from procurement.extraction.ofd_pages import Page
from procurement.extraction.partial import Reading
from procurement.extraction.tags import cell_of, convert, field_of, is_row
from procurement.extraction.values import compact, name_text, parse_decimal, parse_money
from procurement.extraction.xmltree import local, text_of

_MARKS = re.compile(r"[¥￥\s]*")


class _Texts:
    """What a reference means: the text object of that page, or of any page when the page is not named."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = {page.id: page.texts for page in pages}
        self._any = {key: text for page in reversed(pages) for key, text in page.texts.items()}

    def parts(self, element: Element) -> list[str]:
        """The texts of the references directly under a field (or under its ObjectData), in their order."""
        out = []
        for ref in element:
            if local(ref) == "ObjectRef":
                page = self._pages.get(ref.get("PageRef", ""), self._any)
                out.append(page.get(text_of(ref), ""))
            elif local(ref) == "ObjectData":
                out += self.parts(ref)
        return out


def _number(parts: Sequence[str]) -> Decimal | None:
    """The one number among the parts; None where several are squeezed together or one is broken in two."""
    said = [part.strip() for part in parts if not _MARKS.fullmatch(part)]
    return parse_decimal(said[0]) if len(said) == 1 and not re.search(r"\d\s+\d", said[0]) else None


@dataclass
class _Row:
    """The cells of one row of the goods table, each as its parts."""

    cells: dict[str, list[str]] = field(default_factory=dict)

    @property
    def doubtful(self) -> bool:
        """A number that is there and cannot be told."""
        names = {"quantity", "amount", "tax"} & set(self.cells)
        return any(
            _number(self.cells[name]) is None and "".join(self.cells[name]).strip("* ") for name in names
        )

    def item(self) -> Item:
        def money(name: str) -> Decimal | None:
            found = _number(self.cells.get(name, []))
            return None if found is None else parse_money(str(found))

        return Item(
            name=name_text("".join(self.cells.get("name", []))),
            quantity=_number(self.cells.get("quantity", [])),
            unit=name_text("".join(self.cells.get("unit", []))),
            amount=money("amount"),
            tax=money("tax"),
        )


def _grouped(root: Element, texts: _Texts) -> list[_Row]:
    """Rows that stand in elements of their own, each cell once."""
    rows = []
    for element in root.iter():
        if not is_row(local(element)):
            continue
        cells = [(cell_of(local(cell)), texts.parts(cell)) for cell in element]
        names = [name for name, parts in cells if name and parts]
        if len(names) > len(set(names)):  # one element for all rows: told apart below
            return []
        rows.append(_Row({name: parts for name, parts in cells if name and parts}))
    return [row for row in rows if row.cells][: limits.MAX_ITEMS]


def _flat(root: Element, texts: _Texts) -> list[_Row]:
    """Rows of writers that repeat the cells one after the other: a name seen again starts the next row."""
    rows: list[_Row] = []
    for element in root.iter():
        column = cell_of(local(element))
        parts = texts.parts(element) if column else []
        if not column or not any(parts):
            continue
        if column == "name" or not rows:
            rows.append(_Row())
        rows[-1].cells.setdefault(column, parts)
    return rows[: limits.MAX_ITEMS]


def read_tags(root: Element, pages: Sequence[Page]) -> Reading:
    """The invoice as tagged; an empty reading when the tags are of something else.

    Rows of the goods table whose numbers cannot be told apart are left to the text of the page.
    """
    reading = Reading("xml", "OFD标签")
    texts = _Texts(pages)
    best: dict[str, tuple[int, Any]] = {}
    pending = [(root, "")]
    while pending:
        element, parent = pending.pop()
        tag = local(element)
        if is_row(tag):
            continue
        known = field_of(tag, parent) or field_of(element.get("Name", ""), parent)
        if known and (said := "".join(texts.parts(element)).strip()):
            found = find_capital(compact(said)) if known[0] == "capital" else convert(known[0], said)
            if found not in (None, "") and known[1] < best.get(known[0], (known[1] + 1, None))[0]:
                best[known[0]] = (known[1], found)
        pending += [(child, tag) for child in reversed(element)]
    best.pop("qr", None)
    reading.capital = best.pop("capital", (0, None))[1]
    for name, (_, value) in best.items():
        reading.put(name, value)
    rows = _grouped(root, texts) or _flat(root, texts)
    if not any(row.doubtful for row in rows):
        items = [row.item() for row in rows]
        reading.items = [item for item in items if item.name or item.amount is not None]
    return reading
