"""CustomTag: which text objects of which page make up each field of the invoice."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from procurement.extraction import limits
from procurement.extraction.data import Item
from procurement.extraction.ofd_pages import Page
from procurement.extraction.partial import Reading
from procurement.extraction.values import name_text, parse_decimal, parse_money
from procurement.extraction.xml import TAGS, convert
from procurement.extraction.xmltree import local, text_of

_ITEM_TAGS = ("Item", "MeasurementDimension", "Quantity", "Amount", "TaxAmount")
_FIELDS = {tag: field for field, tags in TAGS.items() for tag in tags}


class _Texts:
    """What a reference means: the text object of that page, or of any page when the page is not named."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = {page.id: page.texts for page in pages}
        self._any = {key: text for page in reversed(pages) for key, text in page.texts.items()}

    def of(self, element: Element) -> str:
        """The texts of the references directly under a field, joined."""
        parts = []
        for ref in element:
            if local(ref) == "ObjectRef":
                page = self._pages.get(ref.get("PageRef", ""), self._any)
                parts.append(page.get(text_of(ref), ""))
        return "".join(parts)


def _item(cells: dict[str, str]) -> Item:
    return Item(
        name=name_text(cells.get("Item", "")),
        quantity=parse_decimal(cells.get("Quantity", "")),
        unit=name_text(cells.get("MeasurementDimension", "")),
        amount=parse_money(cells.get("Amount", "")),
        tax=parse_money(cells.get("TaxAmount", "")),
    )


def _grouped(root: Element, texts: _Texts) -> list[Item]:
    """Rows that stand in GoodsInfo elements."""
    rows = [row for row in root.iter() if local(row) == "GoodsInfo"]
    return [_item({local(cell): texts.of(cell) for cell in row}) for row in rows[: limits.MAX_ITEMS]]


def _flat(root: Element, texts: _Texts) -> list[Item]:
    """Rows of writers that repeat Item, Amount… without a GoodsInfo: a tag seen again starts the next row."""
    rows: list[dict[str, str]] = []
    for element in root.iter():
        tag = local(element)
        if tag not in _ITEM_TAGS or not (text := texts.of(element)):
            continue
        if tag == "Item" or not rows:
            rows.append({})
        rows[-1].setdefault(tag, text)
    return [_item(row) for row in rows[: limits.MAX_ITEMS]]


def read_tags(root: Element, pages: Sequence[Page]) -> Reading:
    """The invoice as tagged; an empty reading when the tags are of something else."""
    reading = Reading("xml", "OFD标签")
    texts = _Texts(pages)
    for element in root.iter():
        field = _FIELDS.get(local(element))
        if field and (text := texts.of(element).strip()):
            reading.put(field, convert(field, text))
    items = _grouped(root, texts) or _flat(root, texts)
    reading.items = [item for item in items if item.name or item.amount is not None]
    return reading
