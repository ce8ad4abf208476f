"""Complaints and the blacklist, as they can be exported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from cixi_xiezuo.exports.listing import Column, Kind, Listing, Rows
from cixi_xiezuo.templatetags.states import state_label
from initiatives.market import filters, recognised
from units.scope import Scope

CHUNK = 1000
COMPLAINTS = (
    Column("编号", 8, Kind.WHOLE),
    Column("投诉日期", 12, Kind.DATE),
    Column("单位编码", 12),
    Column("投诉单位", 26),
    Column("类别", 16),
    Column("供应商", 26),
    Column("产品", 20),
    Column("发现日期", 12, Kind.DATE),
    Column("情况", 40),
    Column("状态", 10),
    Column("检查日期", 12, Kind.DATE),
    Column("检查情况", 30),
    Column("认定", 10),
    Column("认定说明", 30),
    Column("处理结果", 30),
)
BLACKLIST = (
    Column("供应商", 28),
    Column("统一社会信用代码", 22),
    Column("自", 12, Kind.DATE),
    Column("至", 12, Kind.DATE),
    Column("原因", 40),
    Column("依据", 18),
    Column("移出日期", 12, Kind.DATE),
    Column("移出原因", 30),
)


def _complaints(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    rows = filters.complaints(user, asked).qs
    return Rows(rows.count(), _complaint_values(rows.select_related("unit")))


def _complaint_values(rows: Any) -> Iterator[Sequence[Any]]:
    for each in rows.iterator(CHUNK):
        yield (
            each.pk,
            timezone.localdate(each.opened_at),
            each.unit.code,
            each.unit.name,
            each.get_sort_display(),
            each.supplier,
            each.product,
            each.happened_on,
            each.text,
            each.get_state_display(),
            each.inspected_on,
            each.inspection,
            each.get_finding_display(),
            each.finding_text,
            each.outcome,
        )


def _blacklist(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    rows = filters.blacklist(asked).qs
    names = (
        "supplier__name",
        "supplier__uscc",
        "since",
        "until",
        "reason",
        "clause",
        "lifted_on",
        "lifted_reason",
    )
    return Rows(rows.count(), rows.values_list(*names).iterator(CHUNK))


RECOGNISED = (
    Column("目录", 8),
    Column("名称", 30),
    Column("统一社会信用代码", 22),
    Column("认定编号", 20),
    Column("认定有效期至", 12, Kind.DATE),
    Column("认定", 10),
)


def _recognised(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    rows = recognised.recognised(asked).qs
    return Rows(rows.count(), _recognised_values(rows, recognised.of_products(asked)))


def _recognised_values(rows: Any, products: bool) -> Iterator[Sequence[Any]]:
    for each in rows.iterator(CHUNK):
        of, uscc = ("产品", None) if products else ("供应商", each.uscc or None)
        until = each.recognised_until
        state = state_label(recognised.state_of(until))
        yield of, each.name, uscc, each.recognition_number or None, until, state


LISTS = (
    Listing("complaints", "质量价格投诉", lambda asked: COMPLAINTS, _complaints),
    Listing("blacklist", "黑名单", lambda asked: BLACKLIST, _blacklist),
    Listing("recognised", "认定目录", lambda asked: RECOGNISED, _recognised),
)
