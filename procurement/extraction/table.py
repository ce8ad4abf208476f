"""The goods table: rows under the header line, over as many pages as it runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from procurement.extraction import limits
from procurement.extraction.data import Item
from procurement.extraction.layout import Glyph, Line, folded, printed
from procurement.extraction.values import name_text, parse_decimal, parse_money

_HEADERS = {
    "index": re.compile(r"序号"),
    "name": re.compile(
        r"货物或应税(?:劳务|服务)(?:、?服务)?名称|(?:货物|应税)?\(?(?:劳务|服务)\)?名称|项目名称|货物名称|商品名称|产品名称|品名|^项目"
    ),
    "spec": re.compile(r"规格型?号?"),
    "unit": re.compile(r"单位"),
    "quantity": re.compile(r"数量"),
    "price": re.compile(r"单价"),
    "amount": re.compile(r"金额"),
    "rate": re.compile(r"税率(?:/征收率)?"),
    "tax": re.compile(r"税额"),
}
_END = re.compile(
    r"^(?:本页)?(?:小计|合计|总计)|价税合计|\(大写\)|^共\d+页|^备注|开票人:|^(?:出行人|交通工具)"
)
_MONEY = re.compile(r"-?¥?-?\d[\d,]*\.\d{2}")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_RATE = re.compile(r"\d+(?:\.\d+)?%|免税|不征税|(?:普通|出口)?零税率|[*]+|简易征收.*")
_EXEMPT = re.compile(r"免税|不征税|(?:普通|出口)?零税率")
_FIGURES = re.compile(r"[\d.,]+")  # numbers that ran into one another are no unit
_NUMBERS = re.compile(r"\d+\.\d{2}")
_NARROW = 0.15  # type sizes between two cells of which one is overfull
_CLOSE = 0.55  # type sizes between cells of one row
Span = tuple[float, float]


@dataclass
class _Cell:
    glyphs: list[Glyph]

    def __post_init__(self) -> None:
        self.text = "".join(folded(glyph.char) for glyph in self.glyphs)
        self.x0, self.x1 = self.glyphs[0].x0, self.glyphs[-1].x1

    @property
    def printed(self) -> str:
        return name_text(printed(self.glyphs))


@dataclass
class _Row:
    """An item while its lines are being gathered."""

    name: str = ""
    x: float = 0.0
    quantity: str = ""
    unit: str = ""
    amount: Decimal | None = None
    tax: Decimal | None = None

    def item(self) -> Item:
        return Item(self.name, parse_decimal(self.quantity), self.unit, self.amount, self.tax)


def _header(line: Line) -> dict[str, Span] | None:
    if "金额" not in line.text:
        return None
    spans: dict[str, Span] = {}
    for name, pattern in _HEADERS.items():
        if match := pattern.search(line.text):
            spans[name] = (line.glyphs[match.start()].x0, line.glyphs[match.end() - 1].x1)
    enough = "amount" in spans and "name" in spans and len(spans) >= 4
    return spans if enough else None


def is_header(line: Line) -> bool:
    """Whether this line names the columns of the goods table."""
    return _header(line) is not None


def _distance(cell: _Cell, span: Span) -> float:
    """0 where they overlap; else between their nearest edges."""
    return max(span[0] - cell.x1, cell.x0 - span[1], 0.0)


def _nearest(cell: _Cell, header: dict[str, Span], names: Sequence[str]) -> str:
    middle = (cell.x0 + cell.x1) / 2
    known = [name for name in names if name in header]
    return min(
        known,
        key=lambda name: (_distance(cell, header[name]), abs(middle - sum(header[name]) / 2)),
        default="",
    )


def _split_numbers(cells: list[_Cell], header: dict[str, Span], row: _Row) -> list[_Cell]:
    """Takes amount, rate and tax from the right, price and quantity before them; returns the cells left of those."""
    rates = [i for i, cell in enumerate(cells) if _RATE.fullmatch(cell.text) and cell.x0 > header["name"][1]]
    rate = next((i for i in reversed(rates) if i and _MONEY.fullmatch(cells[i - 1].text)), None)
    if rate is not None:
        position = rate - 1
        if rate + 1 < len(cells):
            after = cells[rate + 1].text
            row.tax = Decimal("0.00") if after.strip("*") == "" else parse_money(after)
        elif _EXEMPT.fullmatch(cells[rate].text):  # its *** was not recognised
            row.tax = Decimal("0.00")
    else:
        money = [i for i, cell in enumerate(cells) if _MONEY.fullmatch(cell.text)]
        money = [i for i in money if _nearest(cells[i], header, ("price", "amount", "tax")) != "price"]
        if not money:
            return cells
        position = money[-1]
        if position + 1 < len(cells) and cells[-1].text.strip("*") == "":  # the rate was not recognised
            row.tax = Decimal("0.00")
        if len(money) > 1 and _nearest(cells[position], header, ("amount", "tax")) == "tax":
            row.tax = parse_money(cells[position].text)
            position = money[-2]
    row.amount = parse_money(cells[position].text)
    numbers: list[_Cell] = []
    while position and _NUMBER.fullmatch(cells[position - 1].text) and len(numbers) < 2:
        if cells[position - 1].x0 <= header["name"][0]:
            break
        position -= 1
        numbers.insert(0, cells[position])
    if "quantity" not in header:  # a toll has days of passage there
        return cells[:position]
    price_first = "price" in header and header["price"][0] < header["quantity"][0]  # on rolls and fares
    counted = numbers[-1:] if price_first else numbers[:1]
    if len(numbers) == 2 or (counted and _nearest(counted[0], header, ("quantity", "price")) == "quantity"):
        row.quantity = counted[0].text
    return cells[:position]


def _size(cell: _Cell) -> float:
    """Type size of a cell."""
    return cell.glyphs[0].size


def _words(cells: list[_Cell], header: dict[str, Span], row: _Row) -> None:
    """Name and unit from the cells left of the numbers; the specification is not kept."""
    if not cells:
        return
    edge = min(header.get("spec", header.get("unit", header["amount"]))[0], header["amount"][0])
    if cells[0].x0 < edge and _nearest(cells[0], header, ("name", "spec", "unit")) == "name":
        row.name, row.x = cells[0].printed, cells[0].x0
        cells = cells[1:]
    for cell in cells:
        column = _nearest(cell, header, ("name", "spec", "unit"))
        if column == "unit" and not _FIGURES.fullmatch(cell.text):
            row.unit = cell.printed
        elif column == "name" and row.name and cell.x0 < header["name"][1] + _size(cell):
            row.name = name_text(f"{row.name} {cell.printed}")


def _split_full(cell: _Cell, header: dict[str, Span]) -> list[_Cell]:
    """A name that fills its column and so touches what stands under the specification: cut at its widest gap."""
    under = header.get("spec", (float("inf"), 0.0))[0] - _size(cell)
    if not cell.x0 < header["name"][1] or cell.x1 <= under:
        return [cell]
    gaps = [
        (right.x0 - left.x1, place)
        for place, (left, right) in enumerate(pairwise(cell.glyphs), start=1)
        if right.x0 > under - 4 * _size(cell)
    ]
    gap, place = max(gaps, default=(0.0, 0))
    return [_Cell(cell.glyphs[:place]), _Cell(cell.glyphs[place:])] if gap > _NARROW * _size(cell) else [cell]


def _cells(line: Line, header: dict[str, Span]) -> list[_Cell]:
    cells = [_Cell(run) for run in line.segments(_CLOSE)]
    if "index" in header and cells and cells[0].text.isdigit() and cells[0].x1 < header["name"][0]:
        cells = cells[1:]
    return [*_split_full(cells[0], header), *cells[1:]] if cells else []


def _add(line: Line, header: dict[str, Span], rows: list[_Row]) -> None:
    row = _Row()
    words = _split_numbers(_cells(line, header), header, row)
    _words(words, header, row)
    last = rows[-1] if rows else None
    starts = row.name.startswith("*") and not (last and last.name.count("*") == 1)  # its *kind* is still open
    if row.amount is None:
        if starts or (last is None and row.name):
            rows.append(row)
        elif last:
            if row.name and abs(row.x - last.x) < 1.5 * line.size:
                last.name += row.name
            for cell in words:
                wrapped = (
                    cell.text.isdigit()
                    and _nearest(cell, header, ("unit", "quantity", "price")) == "quantity"
                )
                last.quantity += cell.text if wrapped and "." in last.quantity else ""
    elif last and last.amount is None and not starts:
        last.name += row.name
        last.quantity, last.amount, last.tax = row.quantity, row.amount, row.tax
        last.unit = last.unit or row.unit
    else:
        rows.append(row)


def read_items(paged: Sequence[Sequence[Line]]) -> list[Item]:
    """All rows with an amount; 详见销货清单 gives way to the list's own rows; a second copy of a page is passed over."""
    rows: list[_Row] = []
    seen: set[str] = set()
    for lines in paged:
        text = "".join(sorted(line.text for line in lines if _header(line) or _NUMBERS.search(line.text)))
        if "价税合计" in text:
            if text in seen:
                continue
            seen.add(text)
        header: dict[str, Span] | None = None
        for line in lines:
            if found := _header(line):
                header = found
            elif header and _END.search(line.text):
                header = None
            elif header and len(rows) < limits.MAX_ITEMS:
                _add(line, header, rows)
    rows = [row for row in rows if row.amount is not None]
    listed = [row for row in rows if not re.search(r"详见.*清单", row.name)]
    return [row.item() for row in (listed or rows)]
