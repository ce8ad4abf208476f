"""An invoice counts once: in this file, and in the whole system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from procurement.imports.purchases.draft import Draft
from procurement.imports.purchases.known import parts
from procurement.imports.report import Problem
from procurement.models import Receipt
from units.kinds import Kind
from units.scope import Scope

USED = ("identity", "purchase__number", "purchase__date", "purchase__unit", "purchase__unit__kind")


def check_invoices(drafts: dict[str, Draft], by: Any) -> Iterator[Problem]:
    held: dict[str, Draft] = {}
    for draft in drafts.values():
        if not draft.live or not draft.identity:
            continue
        first = held.setdefault(draft.identity, draft)
        if first is not draft:
            yield _problem(
                draft,
                f"与第 {first.head.number} 行采购 {first.number} 是同一张发票，一张发票只能计入一次",
            )
    seen = _visible(by)
    for part in parts(sorted(held)):
        others = Receipt.objects.filter(live=True, identity__in=part)
        for used, number, day, unit, kind in others.values_list(*USED):
            if number == held[used].number:
                continue
            open_to_them = seen is None or unit in seen
            where = f"采购 {number}" if open_to_them else f"另一{Kind(kind).label}于 {day} 的采购"
            yield _problem(held[used], f"这张发票已用于{where}，一张发票只能计入一次")


def _visible(by: Any) -> set[int] | None:
    """The units whose purchases may be named to the person; None for all."""
    if by is None or Scope.of(by).everything:
        return None
    return set(Scope.of(by).visible().values_list("pk", flat=True))


def _problem(draft: Draft, message: str) -> Problem:
    return Problem(draft.head.number, "发票号码", draft.head.get("发票号码") or "", message)
