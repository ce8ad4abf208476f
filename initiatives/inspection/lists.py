"""Inspections, as they can be exported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from cixi_xiezuo.exports.listing import Column, Kind, Listing, Rows
from initiatives.inspection.filters import inspections
from units.scope import Scope

CHUNK = 500
COLUMNS = (
    Column("编号", 8, Kind.WHOLE),
    Column("发起日期", 12, Kind.DATE),
    Column("单位编码", 12),
    Column("被督查单位", 26),
    Column("采购编号", 20),
    Column("事项", 30),
    Column("情况", 40),
    Column("问题与答复", 60),
    Column("期限", 12, Kind.DATE),
    Column("逾期（天）", 10, Kind.WHOLE),
    Column("状态", 10),
    Column("结论", 18),
    Column("结论说明", 40),
    Column("整改情况", 40),
    Column("办结意见", 30),
    Column("建议撤销核准", 40),
)


def _rows(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    rows = inspections(user, asked).qs
    related = rows.select_related("unit", "purchase")
    return Rows(rows.count(), _values(related.prefetch_related("questions", "revocations__purchase")))


def _values(rows: Any) -> Iterator[Sequence[Any]]:
    for each in rows.iterator(CHUNK):
        yield (
            each.pk,
            timezone.localdate(each.opened_at),
            each.unit.code,
            each.unit.name,
            each.purchase.number if each.purchase else None,
            each.title,
            each.text,
            "\n".join(f"{row.position}. {row.text} 答：{row.answer}" for row in each.questions.all()),
            each.deadline,
            each.days_late or None,
            each.get_state_display(),
            each.get_outcome_display(),
            each.finding,
            each.rectification,
            each.closing,
            "；".join(f"{row.purchase.number} {row.get_state_display()}" for row in each.revocations.all()),
        )


LISTS = (Listing("inspections", "督查", lambda asked: COLUMNS, _rows),)
