"""Who may load which purchases, so that loading passes over no second pair of eyes (docs/decisions/imports.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from procurement.choices import Status
from procurement.imports.purchases.draft import Draft
from procurement.imports.purchases.known import Known
from procurement.imports.report import Problem
from procurement.models import Purchase
from procurement.models.purchase import PurchaseQuerySet
from units.models import Role
from units.scope import Scope

DECIDED = (Status.APPROVED, Status.RETURNED)


def fillable(scope: Scope) -> PurchaseQuerySet:
    """The purchases that a person may bring originals for after an import: those the person may load."""
    rows = Purchase.objects.all()
    return rows if scope.has(Role.BUREAU) else rows.filter(unit__in=scope.recordable())


def check_rights(drafts: Iterable[Draft], writing: list[Draft], known: Known, by: Any) -> Iterator[Problem]:
    """`writing`: those that would be made or changed. Nothing for the server's operator."""
    if by is None:
        return
    scope = Scope.of(by)
    if scope.has(Role.BUREAU):
        yield from _bureau(writing, known, by)
        return
    own = set(scope.recordable().values_list("pk", flat=True))
    reviewed = set(scope.reviewable().values_list("pk", flat=True)) - own
    for draft in drafts:
        assert draft.unit is not None
        problem = partial(Problem, draft.head.number)
        if draft.unit.pk not in own | reviewed:
            yield problem("单位编码", draft.unit.code, f"您没有为单位 {draft.unit.code} 登记采购的权限")
        elif draft.head.get("状态"):
            yield problem(
                "状态", Status(draft.status).label, "只有市商务局可以在导入时填写状态，请清空“状态”列"
            )
    for draft in writing:
        assert draft.unit is not None
        if draft.unit.pk in reviewed:
            yield from _for_a_reviewed_unit(draft, known)
        elif draft.unit.pk in own and draft.status == Status.SUBMITTED:
            yield from _submitting(draft, known)


def _bureau(writing: list[Draft], known: Known, by: Any) -> Iterator[Problem]:
    """The bureau loads for all, and decides for all but its own and what the person had a hand in before."""
    deciding = [draft for draft in writing if draft.status in DECIDED]
    if not deciding:
        return
    reviewed = set(Scope.of(by).reviewable().values_list("pk", flat=True))
    touched = known.touched_by(by)
    for draft in deciding:
        assert draft.unit is not None
        problem = partial(Problem, draft.head.number, "状态", Status(draft.status).label)
        if draft.unit.pk not in reviewed:
            yield problem("本单位的采购须由他人审核，请改为待审核")
        elif draft.number in touched:
            yield problem("不能审核自己登记、修改或提交的采购，请由他人审核")
        elif draft.differs:
            yield problem("内容与系统中的不同：修改的人不能同时审核，请改为待审核，由他人审核")


def _for_a_reviewed_unit(draft: Draft, known: Known) -> Iterator[Problem]:
    """A reviewer may prepare drafts for a unit; what they would review is submitted by the unit itself."""
    problem = partial(Problem, draft.head.number, "单位编码", draft.unit.code if draft.unit else "")
    if draft.status != Status.DRAFT:
        yield problem("您审核该单位的采购，只能替它导入草稿，由该单位经办人提交；请选择“导入为草稿”")
    elif draft.number in known.purchases:
        yield problem(f"系统中已有采购 {draft.number}，须由该单位经办人修改")


def _submitting(draft: Draft, known: Known) -> Iterator[Problem]:
    """What submitting one by one asks for, too: a receipt, and of a refund an approved original."""
    stored = known.purchases.get(draft.number)
    papers = stored is not None and any(receipt.file_id for receipt in known.receipts[stored.pk])
    if not draft.identity and not papers:
        yield Problem(
            draft.head.number,
            "发票号码",
            "",
            "没有票据不能提交：请填写发票号码，或选择“导入为草稿”，上传票据后再提交",
        )
    original = known.purchases.get(draft.original) if draft.original else None
    if draft.original and (original is None or original.status != Status.APPROVED):
        yield Problem(
            draft.head.number, "原采购编号", draft.original, "原采购尚未核准，不能登记退货；请待核准后再导入"
        )
