"""One purchase as the workbook says it: its rows gathered under their 采购编号."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from procurement.choices import LIVE, Channel, Status
from procurement.imports.plan import shown
from procurement.imports.purchases.columns import HEAD
from procurement.imports.report import Problem
from procurement.imports.sheet import Row
from procurement.receipts import identity
from units.models import Unit

ZERO = Decimal("0.00")


@dataclass
class Draft:
    """`status`: the one it is to have, with the default filled in. `differs`: from what is stored under its number."""

    number: str
    head: Row
    status: str
    rows: list[Row] = field(default_factory=list)
    unit: Unit | None = None
    differs: bool = False

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def day(self) -> datetime.date:
        day: datetime.date = self.head.get("采购日期")
        return day

    @property
    def original(self) -> str:
        """The number of the purchase that this one, a refund, takes back; "" for none."""
        return self.head.get("原采购编号") or ""

    @property
    def complete(self) -> bool:
        """Whether its amounts can be added up."""
        return all(row.get("金额") is not None for row in self.rows)

    @cached_property
    def total(self) -> Decimal:
        """元. Only of a complete one."""
        return sum((row.get("金额") for row in self.rows), ZERO)

    @cached_property
    def identity(self) -> str:
        return identity(self.head.get("发票代码"), self.head.get("发票号码"))


def group(rows: Iterable[Row], default: str, problems: list[Problem]) -> dict[str, Draft]:
    """Rows → purchases by number, in the order of the workbook. `default`: the status where none is given."""
    drafts: dict[str, Draft] = {}
    for row in rows:
        number = row.get("采购编号")
        if not number:
            continue
        draft = drafts.get(number)
        if draft is None:
            draft = drafts[number] = Draft(number, row, row.get("状态") or default)
        else:
            problems += _differences(row, draft)
        draft.rows.append(row)
    return drafts


def _differences(row: Row, draft: Draft) -> Iterable[Problem]:
    for column in HEAD:
        mine, first = row.get(column), draft.head.get(column)
        if mine != first:
            yield Problem(
                row.number,
                column,
                in_words(mine),
                f"与第 {draft.head.number} 行不一致（{in_words(first) or '空白'}）："
                f"采购编号 {draft.number} 的各行{column}应相同",
            )


def in_words(value: Any) -> str:
    for choices in (Channel, Status):
        if isinstance(value, str) and value in choices.values:
            return str(choices(value).label)
    return shown(value)
