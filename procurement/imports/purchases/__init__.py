"""采购.xlsx → purchases with their lines. Rows that share a 采购编号 are the lines of one purchase."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from cixi_xiezuo.errors import NotAllowed
from procurement.choices import Status
from procurement.imports.alone import alone
from procurement.imports.plan import Plan
from procurement.imports.purchases.columns import COLUMNS
from procurement.imports.purchases.comparison import compare
from procurement.imports.purchases.draft import ZERO, Draft, group
from procurement.imports.purchases.invoices import check_invoices
from procurement.imports.purchases.known import Known
from procurement.imports.purchases.refunds import check_refunds
from procurement.imports.purchases.rights import check_rights
from procurement.imports.purchases.rows import check_row
from procurement.imports.purchases.writing import store
from procurement.imports.report import Problem, Report
from procurement.imports.sheet import Read, read
from procurement.imports.years import Years
from units.scope import Scope

__all__ = ["COLUMNS", "load_purchases", "plan_purchases"]


def load_purchases(data: bytes, *, by: Any, as_drafts: bool = False) -> Report:
    """Store the purchases of a workbook. Raises Rejected with every bad row; NotAllowed without the right.

    已核准 rows enter the figures at once: loading them is the loader's own approval. `as_drafts`: rows
    without a 状态 become drafts instead of submissions.
    """
    sheet = read(data, COLUMNS, "采购")
    with alone():
        return plan_purchases(sheet, by=by, as_drafts=as_drafts).carry_out()


def plan_purchases(sheet: Read, *, by: Any, as_drafts: bool = False) -> Plan:
    if by is not None and not Scope.of(by).takes_part:
        raise NotAllowed("您没有导入采购的权限")
    rows, problems, notices, _ = sheet
    plan = Plan("采购", notices=list(notices), problems=list(problems))
    drafts = group(rows, Status.DRAFT if as_drafts else Status.SUBMITTED, plan.problems)
    known = Known({*drafts, *(draft.original for draft in drafts.values())})
    for draft in drafts.values():
        plan.problems += _check(draft, known)
    plan.problems += check_refunds(drafts, known)
    plan.problems += check_invoices(drafts, by)
    bad = {problem.row for problem in plan.problems}
    good = [draft for draft in drafts.values() if not any(row.number in bad for row in draft.rows)]
    writing = [draft for draft in good if compare(draft, known, plan)]
    years = Years()
    for draft in writing:
        plan.problems += years.problems(draft.head.number, "采购日期", draft.day.year)
    plan.forbidden += check_rights(good, writing, known, by)
    plan.totals.append(("金额合计", sum((draft.total for draft in drafts.values() if draft.complete), ZERO)))
    plan.store = partial(store, writing, known, by=by)
    return plan


def _check(draft: Draft, known: Known) -> Iterator[Problem]:
    """The purchase's head, and each of its rows by itself."""
    head = draft.head
    draft.unit, missing = known.units.find(head.number, "单位编码", head.get("单位编码"))
    yield from missing
    if head.get("发票代码") and not head.get("发票号码"):
        yield Problem(head.number, "发票号码", "", "填了发票代码，请补上发票号码")
    for row in draft.rows:
        yield from check_row(row, refund=bool(draft.original), regions=known.regions)
    stored = known.purchases.get(draft.number)
    if stored is not None and draft.unit is not None and stored.unit_id != draft.unit.pk:
        yield Problem(
            head.number, "采购编号", draft.number, "已用于另一单位的采购，采购编号不能重复，请换一个编号"
        )
