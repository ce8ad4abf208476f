"""A refund names a purchase of its unit in this file or stored; together refunds may not exceed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from cixi_xiezuo.money import yuan_display
from procurement.choices import Status
from procurement.imports.purchases.draft import ZERO, Draft
from procurement.imports.purchases.known import Known
from procurement.imports.report import Problem
from procurement.models import Purchase


def check_refunds(drafts: dict[str, Draft], known: Known) -> Iterator[Problem]:
    by_original: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts.values():
        if draft.original:
            by_original[draft.original].append(draft)
    for number, refunds in by_original.items():
        yield from _check(number, refunds, drafts.get(number), known)


def _check(number: str, refunds: list[Draft], original: Draft | None, known: Known) -> Iterator[Problem]:
    stored = known.purchases.get(number)
    problem = partial(Problem, column="原采购编号", value=number)
    if original is None and stored is None:
        yield from (problem(row=draft.head.number, message="没有这个采购编号，请核对") for draft in refunds)
        return
    # the file's word goes before the stored one: it is about to replace it
    unit_id = original.unit.pk if original and original.unit else stored.unit_id if stored else None
    status = original.status if original else stored.status if stored else ""
    is_refund = bool(original.original) if original else bool(stored and stored.is_refund)
    for draft in refunds:
        if draft.number == number:
            yield problem(row=draft.head.number, message="不能是本采购自己")
        elif is_refund:
            yield problem(row=draft.head.number, message="原采购本身是退货，不能再退")
        elif draft.unit is not None and unit_id is not None and draft.unit.pk != unit_id:
            yield problem(row=draft.head.number, message="原采购不是本单位的采购，请核对")
        elif draft.status == Status.APPROVED and status != Status.APPROVED:
            yield problem(row=draft.head.number, message="原采购尚未核准，退货不能先核准")
    bought = _bought(original, stored, known)
    back = -sum((draft.total for draft in refunds if draft.live and draft.complete), ZERO)
    if stored is not None:
        back += known.taken_back(stored, {draft.number for draft in refunds})
    if bought is not None and back > bought:
        yield problem(
            row=refunds[-1].head.number,
            message=f"退货合计 {yuan_display(back)} 元超过原采购的 {yuan_display(bought)} 元，请核对",
        )


def _bought(original: Draft | None, stored: Purchase | None, known: Known) -> Decimal | None:
    if original is not None and not (stored is not None and stored.status == Status.APPROVED):
        return original.total if original.complete else None
    assert stored is not None
    return known.recognised[stored.pk]
