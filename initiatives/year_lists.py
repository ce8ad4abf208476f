"""活动日历 and 网点分布, as they can be exported: what their pages show of a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.http import QueryDict

from cixi_xiezuo.dates import parse_year
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.exports.listing import Column, Kind, Listing, Rows
from initiatives.calendar import calendar
from initiatives.coverage import coverage
from units.scope import Scope

CALENDAR = (
    Column("月份", 8, Kind.WHOLE),
    Column("开始日期", 12, Kind.DATE),
    Column("结束日期", 12, Kind.DATE),
    Column("活动名称", 30),
    Column("活动类别", 16),
    Column("单位编码", 12),
    Column("单位名称", 26),
    Column("地点", 20),
    Column("免费展位（个）", 14, Kind.WHOLE),
    Column("销售额（元）", 16, Kind.FEN),
)
TOTALS = (
    Column("活动类别", 16),
    Column("场次", 8, Kind.WHOLE),
    Column("免费展位（个）", 14, Kind.WHOLE),
    Column("销售额（元）", 16, Kind.FEN),
)
OUTLETS = (
    Column("镇街", 26),
    Column("营业网点", 10, Kind.WHOLE),
    Column("网点", 60),
    Column("销售额（元）", 16, Kind.FEN),
)
Row = Sequence[Any]


def _of_year(read: Callable[[Any, int], Iterator[Row]]) -> Callable[[Any, QueryDict], Rows | None]:
    """The rows of the year that the address asks for, to whoever takes part."""

    def rows(user: Any, asked: QueryDict) -> Rows | None:
        if not Scope.of(user).takes_part:
            return None
        try:
            year = parse_year(asked.get("year", ""))
        except ValueError as error:
            raise Refused(f"年度：{error}") from None
        found = list(read(user, year))
        return Rows(len(found), iter(found))

    return rows


def _calendar(user: Any, year: int) -> Iterator[Row]:
    found = calendar(user, year)
    for month, records in found.months:
        for each in records:
            unit, data = each.unit, each.data
            held = (month, each.starts, each.ends, each.title, data.get("sort"), unit.code, unit.name)
            yield (*held, data.get("place"), data.get("booths"), found.sums.get(each.pk, 0))


def _totals(user: Any, year: int) -> Iterator[Row]:
    for each in calendar(user, year).totals:
        yield (each.sort or "未分类", each.count, each.booths, each.amount)


def _outlets(user: Any, year: int) -> Iterator[Row]:
    for place in coverage(user, year).places:
        names = "、".join(each.title for each in place.outlets)
        yield (place.name, len(place.outlets), names or None, place.amount)


LISTS = (
    Listing("calendar", "活动日历", lambda asked: CALENDAR, _of_year(_calendar)),
    Listing("activity_totals", "活动按类别合计", lambda asked: TOTALS, _of_year(_totals)),
    Listing("outlets", "网点分布", lambda asked: OUTLETS, _of_year(_outlets)),
)
