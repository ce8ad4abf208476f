"""The year's scores, as they can be exported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict

from cixi_xiezuo.dates import parse_year
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.exports.listing import Column, Kind, Listing, Rows
from initiatives.scoring.points import number, shown
from initiatives.scoring.scope import rows_for
from initiatives.scoring.sheet import Row, sheet_of
from units.kinds import Kind as UnitKind
from units.scope import Scope


def _year(asked: QueryDict) -> int:
    try:
        return parse_year(asked.get("year", ""))
    except ValueError as error:
        raise Refused(f"年度：{error}") from None


def _columns(asked: QueryDict) -> Sequence[Column]:
    items = sheet_of(_year(asked)).items
    return (
        Column("名次", 8, Kind.WHOLE),
        Column("单位编码", 12),
        Column("单位", 28),
        Column("类别", 10),
        *(
            Column(f"{item.name}（{'扣' if item.deducts else ''}{shown(item.full)} 分）", 16, Kind.NUMBER)
            for item in items
        ),
        Column("合计", 10, Kind.NUMBER),
        Column("待评（项）", 10, Kind.WHOLE),
    )


def _rows(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    rows = rows_for(user, sheet_of(_year(asked)))
    return Rows(len(rows), _values(rows))


def _values(rows: Sequence[Row]) -> Iterator[Sequence[Any]]:
    for row in rows:
        points = [number(mark.points) for mark in row.marks]
        kind = UnitKind(row.kind).label
        yield (row.rank, row.code, row.name, kind, *points, number(row.total), row.waiting)


LISTS = (Listing("scores", "考核评分", _columns, _rows),)
