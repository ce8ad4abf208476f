"""What can be exported: its columns, and its rows for a person and what the address asks for."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from cixi_xiezuo.parts import modules


class Kind(enum.Enum):
    """What a column's values are: text, 分 (int), a date, a whole number, a Decimal, or 万分之一 (int) of a ratio."""

    TEXT = "text"
    FEN = "fen"
    DATE = "date"
    WHOLE = "whole"
    NUMBER = "number"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters."""

    title: str
    width: float = 14
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Rows:
    """`count`: how many there are; `values`: each row's values by column, None for a blank cell."""

    count: int
    values: Iterator[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Listing:
    """`slug` stands in addresses. `rows` gives nothing that the person may not see; None where they may not ask."""

    slug: str
    title: str
    columns: Callable[[QueryDict], Sequence[Column]]
    rows: Callable[[Any, QueryDict], Rows | None]


def listings() -> dict[str, Listing]:
    return {listing.slug: listing for module in modules("lists") for listing in module.LISTS}
