"""The lists about units that can be exported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from cixi_xiezuo.exports.listing import Column, Listing, Rows
from units.filters import UnitFilter
from units.kinds import Affiliation, Kind
from units.models import Unit
from units.scope import Scope

UNIT = (
    Column("单位编码", 14),
    Column("单位名称", 30),
    Column("单位类别", 12),
    Column("统一社会信用代码", 22),
    Column("主管部门编码", 14),
    Column("所在镇街编码", 14),
    Column("所属单位编码", 14),
    Column("隶属层级", 10),
    Column("主管部门", 26),
    Column("所在镇街", 20),
    Column("所属单位", 26),
    Column("是否在用", 10),
)
"""The import template's columns first, so that an export can be corrected and loaded."""


def _units(user: Any, asked: QueryDict) -> Rows | None:
    scope = Scope.of(user)
    if not scope.looks_up:
        return None
    request: Any = SimpleNamespace(user=user)
    rows = UnitFilter(asked, queryset=scope.listed().order_by("code"), request=request).qs
    return Rows(rows.count(), _values(rows))


def _values(rows: QuerySet[Unit]) -> Iterator[Sequence[Any]]:
    kinds, affiliations = dict(Kind.choices), dict(Affiliation.choices)
    values = rows.values_list(
        "code",
        "name",
        "kind",
        "uscc",
        "supervisor__code",
        "town__code",
        "host__code",
        "affiliation",
        "supervisor__name",
        "town__name",
        "host__name",
        "active",
    )
    for code, name, kind, uscc, supervisor, town, host, affiliation, *rest, active in values.iterator(2000):
        yield (
            code,
            name,
            kinds[kind],
            uscc,
            supervisor,
            town,
            host,
            affiliations.get(affiliation),
            *rest,
            "是" if active else "否",
        )


LISTS = (Listing("units", "单位", lambda asked: UNIT, _units),)
