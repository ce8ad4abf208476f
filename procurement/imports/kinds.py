"""Every workbook that can be loaded: what it is called, who may load it, how it is planned, what its template says.

Another app brings its own as `WORKBOOKS` in its module `workbooks`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from cixi_xiezuo.parts import modules
from procurement.imports import bases, catalogue, city_lists, people, purchases, units
from procurement.imports.hints import COMMON, EXAMPLES, HINTS, NOTES
from procurement.imports.plan import Plan
from procurement.imports.sheet import Column, Read
from units.models import Role
from units.scope import REVIEWING, Scope


@dataclass(frozen=True, slots=True)
class Words:
    """What the template of another app's workbook says: notes, an example row, a hint a column; what it offers.

    `strict`: columns that take nothing but what is offered. `dates`, `amounts`, `counts`: how columns are shown.
    """

    notes: tuple[str, ...]
    example: Mapping[str, Any]
    hints: Mapping[str, str]
    offers: Callable[[Any], dict[str, list[str]]]
    strict: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """`slug` stands in addresses; `options`: names of what the person may choose when loading it.

    `after`: the address of what is to be done once it is loaded.
    """

    slug: str
    label: str
    columns: tuple[Column, ...]
    plan: Callable[..., Plan]
    may: Callable[[Scope], bool]
    options: frozenset[str] = frozenset()
    after: str = ""
    after_words: str = ""
    words: Words | None = field(default=None, compare=False)

    @property
    def notes(self) -> tuple[str, ...]:
        return NOTES[self.slug] if self.words is None else (*self.words.notes, *COMMON)

    @property
    def example(self) -> Mapping[str, Any]:
        return EXAMPLES[self.slug] if self.words is None else self.words.example

    def hint(self, column: str) -> str:
        own = self.words.hints if self.words else {}
        return own.get(column) or HINTS.get(column, "")

    def make_plan(self, sheet: Read, *, by: Any, options: Mapping[str, Any]) -> Plan:
        return self.plan(sheet, by=by, **{name: options[name] for name in self.options if name in options})


def _bureau(scope: Scope) -> bool:
    return scope.has(Role.BUREAU)


KINDS: dict[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind(
            "purchases",
            "采购",
            purchases.COLUMNS,
            purchases.plan_purchases,
            lambda scope: bool(scope.own) or scope.has(*REVIEWING),
            frozenset({"as_drafts"}),
        ),
        Kind(
            "bases",
            "年度基数",
            bases.COLUMNS,
            bases.plan_bases,
            lambda scope: scope.has(*REVIEWING),
        ),
        Kind(
            "targets",
            "采购目标",
            city_lists.TARGETS.columns,
            partial(city_lists.plan_city_list, city_lists.TARGETS),
            _bureau,
        ),
        Kind(
            "listed",
            "宁波名单企业",
            city_lists.LISTED.columns,
            partial(city_lists.plan_city_list, city_lists.LISTED),
            _bureau,
        ),
        Kind(
            "units",
            "单位",
            units.COLUMNS,
            units.plan_units,
            lambda scope: scope.has(*units.MAY),
            frozenset({"since"}),
        ),
        Kind(
            "people",
            "用户",
            people.COLUMNS,
            people.plan_people,
            lambda scope: scope.has(Role.SYSTEM_ADMIN),
            after="/people/?state=first",
            after_words="生成并打印账户单",
        ),
        Kind(
            "products",
            "产品",
            catalogue.PRODUCTS.columns,
            partial(catalogue.plan_catalogue, catalogue.PRODUCTS),
            _bureau,
        ),
        Kind(
            "suppliers",
            "供应商",
            catalogue.SUPPLIERS.columns,
            partial(catalogue.plan_catalogue, catalogue.SUPPLIERS),
            _bureau,
        ),
    )
}


@cache
def known() -> dict[str, Kind]:
    """Those of this app, then those of others, by slug."""
    return KINDS | {kind.slug: kind for module in modules("workbooks") for kind in module.WORKBOOKS}


def allowed(scope: Scope) -> list[Kind]:
    """The workbooks a person may load."""
    return [kind for kind in known().values() if kind.may(scope)]
