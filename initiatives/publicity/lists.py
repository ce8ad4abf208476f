"""Stories, as they can be exported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from cixi_xiezuo.exports.listing import Column, Kind, Listing, Rows
from initiatives.publicity.filters import stories
from units.scope import Scope

CHUNK = 1000
STORIES = (
    Column("编号", 8, Kind.WHOLE),
    Column("单位编码", 12),
    Column("撰稿单位", 26),
    Column("类别", 14),
    Column("标题", 40),
    Column("状态", 10),
    Column("登记日期", 12, Kind.DATE),
    Column("发布日期", 12, Kind.DATE),
    Column("正文", 80),
)


def _stories(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    rows = stories(user, asked).qs
    return Rows(rows.count(), _values(rows.select_related("unit")))


def _values(rows: Any) -> Iterator[Sequence[Any]]:
    for each in rows.iterator(CHUNK):
        yield (
            each.pk,
            each.unit.code,
            each.unit.name,
            each.get_sort_display(),
            each.title,
            each.get_state_display(),
            timezone.localdate(each.opened_at),
            timezone.localdate(each.published_at) if each.published_at else None,
            each.text,
        )


LISTS = (Listing("stories", "宣传稿件", lambda asked: STORIES, _stories),)
