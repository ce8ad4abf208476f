"""A workbook's rows → values by column name, with the problems of single cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cixi_xiezuo.errors import Refused
from procurement.imports import cells
from procurement.imports.report import Problem
from procurement.tablefile.headers import canonical, recognised
from procurement.tablefile.run import read_table
from procurement.tablefile.table import Broken, Table

EXAMPLE = "示例"
"""Begins the key of a template's example row, which is passed over."""
Tell = Callable[[str, int, int], None]
"""Told how far a step is: its name, how much is done, and of how much (0: not known)."""
_REMEMBERED = 20_000
"""Different values of a column whose reading is remembered."""


def silent(step: str, done: int = 0, total: int = 0) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a workbook: its name, how its cells are read, whether a row must fill it.

    `varied`: nearly every row has another value, so that remembering them saves nothing.
    """

    name: str
    read: Callable[[Any], Any]
    required: bool = False
    varied: bool = False


class Row:
    """One row: its number in the sheet and its values by column name; None for a column the sheet lacks."""

    __slots__ = ("_places", "_values", "number")

    def __init__(self, number: int, values: Sequence[Any], places: Mapping[str, int]) -> None:
        self.number, self._values, self._places = number, values, places

    def get(self, name: str) -> Any:
        place = self._places.get(name)
        return None if place is None else self._values[place]


class Read(NamedTuple):
    """`problems` of single cells; `given`: the names of the columns the sheet has."""

    rows: list[Row]
    problems: list[Problem]
    notices: list[str]
    given: set[str]


def read(data: bytes, columns: Sequence[Column], template: str, tell: Tell = silent) -> Read:
    """Raises Refused when the file is no table or lacks required columns."""
    tell("读取文件", 0, 0)
    return rows_of(read_table(data), columns, template, tell)


def rows_of(table: Table, columns: Sequence[Column], template: str, tell: Tell = silent) -> Read:
    """As `read`, of a table at hand."""
    names = canonical(table.heads, [column.name for column in columns])
    notices = list(table.notices)
    _require_columns(names, columns, template)
    known = {column.name: column for column in columns}
    unknown = [name for name in names if name and name not in known]
    if unknown:
        notices.append(f"未识别的列已忽略：{'、'.join(unknown)}")
    readers = [_Reader(known[name], place) for place, name in enumerate(names) if name in known]
    places = {reader.column.name: index for index, reader in enumerate(readers)}
    key = next(place for place, name in enumerate(names) if name == _key(columns))
    rows: list[Row] = []
    problems: list[Problem] = []
    examples = 0
    for number, raw in table.rows:
        if isinstance(raw[key], str) and raw[key].startswith(EXAMPLE):
            examples += 1
            continue
        if not len(rows) % 1000:
            tell("读取各行", len(rows), 0)
        rows.append(Row(number, [reader(raw, number, problems) for reader in readers], places))
    if examples:
        notices.append(f"“{EXAMPLE}”开头的示例行没有导入")
    return Read(rows, problems, notices, places.keys() & known.keys())


def _key(columns: Sequence[Column]) -> str:
    """The column whose text tells an example row: the required code, number or name."""
    return next(column.name for column in columns if column.required and column.name != "年度")


def _require_columns(names: Sequence[str], columns: Sequence[Column], template: str) -> None:
    lacking = [column.name for column in columns if column.required and column.name not in names]
    if lacking:
        other = recognised(names)
        hint = f"；看起来是“{other}”模板，请到“{other}”导入" if other and other != template else ""
        raise Refused(f"不是“{template}”模板：缺少列 {'、'.join(lacking)}；首行应为列名{hint}")
    wanted = {column.name for column in columns}
    doubled = sorted({name for name in names if name in wanted and names.count(name) > 1})
    if doubled:
        raise Refused(f"列名重复：{'、'.join(doubled)}，每列只能出现一次")


class _Reader:
    """Reads one column's cells. What a text or number came to is remembered: columns repeat themselves."""

    __slots__ = ("_known", "_read", "column", "place")

    def __init__(self, column: Column, place: int) -> None:
        self.column, self.place = column, place
        self._read = column.read
        self._known: dict[Any, Any] = {}

    def __call__(self, raw: Sequence[Any], number: int, problems: list[Problem]) -> Any:
        cell = raw[self.place]
        kind = type(cell)
        remembered = not self.column.varied and kind is not bool
        if remembered and (value := self._known.get((kind, cell), self)) is not self:
            return value
        try:
            if kind is Broken:
                raise ValueError(str(cell))
            value = self._read(cell)
        except ValueError as error:
            shown = "" if kind is Broken else cells.plain(cell)[:60]
            problems.append(Problem(number, self.column.name, shown, str(error)))
            return None
        if value in (None, "") and self.column.required:
            problems.append(Problem(number, self.column.name, "", "不能为空"))
        elif remembered and len(self._known) < _REMEMBERED:
            self._known[kind, cell] = value
        return value
