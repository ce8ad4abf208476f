"""What can be exported: its columns, and its rows for a person and what the address asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.parts import modules

__all__ = ["Column", "Kind", "Listing", "Rows", "listings"]


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
