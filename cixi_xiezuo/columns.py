"""Columns of a table that leaves the system: what their values are, and how a spreadsheet shows them."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Kind(enum.Enum):
    """What a column's values are; None is a blank cell of any kind."""

    TEXT = "text"
    FEN = "fen"
    """分 (int), shown in 元."""
    AMOUNT = "amount"
    """元 (Decimal)."""
    DATE = "date"
    WHOLE = "whole"
    NUMBER = "number"
    """A Decimal as it is, without trailing zeros."""
    RATIO = "ratio"
    """万分之一 (int), shown in percent."""
    PERCENT = "percent"
    """A ratio (Decimal, 1 for 100 %)."""

    @property
    def shape(self) -> str:
        """The number format of its cells."""
        return SHAPES[self]


SHAPES = {
    Kind.TEXT: "@",
    Kind.FEN: "#,##0.00",
    Kind.AMOUNT: "#,##0.00",
    Kind.DATE: "yyyy-mm-dd",
    Kind.WHOLE: "0",
    Kind.NUMBER: "General",
    Kind.RATIO: "0.00%",
    Kind.PERCENT: "0.00%",
}


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters; `total`: summed by a formula below; `alert`: texts shown in red; `middle`: centred."""

    title: str
    width: float = 14
    kind: Kind = Kind.TEXT
    total: bool = False
    alert: frozenset[str] = frozenset()
    middle: bool = False
