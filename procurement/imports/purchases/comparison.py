"""A purchase of the workbook against the one stored under its number: new, the same, changed, or not to be touched."""

from __future__ import annotations

from typing import Any

from procurement.choices import Holiday, Status, Use
from procurement.imports.plan import Plan, shown
from procurement.imports.purchases.draft import ZERO, Draft, in_words
from procurement.imports.purchases.known import Known
from procurement.imports.report import Problem
from procurement.models import Purchase

OVERWRITABLE = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)
ORDER = {Status.DRAFT: 0, Status.RETURNED: 0, Status.SUBMITTED: 1, Status.APPROVED: 2}
LINE = ("用途", "法定节日", "产地", "产品名称", "数量", "计量单位", "金额", "其中已登记金额")
Fields = list[tuple[str, str, str]]


def compare(draft: Draft, known: Known, plan: Plan) -> bool:
    """Say to the plan what becomes of the purchase; whether anything of it is to be written."""
    stored = known.purchases.get(draft.number)
    if stored is None:
        plan.add_new(draft.head.number, draft.number, lambda: _text(draft))
        return True
    fields = differences(draft, stored, known)
    draft.differs = bool(fields)
    if not fields and moved_on(draft.status, stored.status):
        plan.add_same(draft.number)
        return False
    if stored.status not in OVERWRITABLE:
        plan.problems.append(_untouchable(draft, stored, differs=bool(fields)))
        return False
    if draft.status != stored.status:
        fields.append(("状态", stored.get_status_display(), Status(draft.status).label))
    plan.add_changed(draft.head.number, draft.number, tuple(fields))
    return True


def _text(draft: Draft) -> str:
    head, unit = draft.head, draft.unit
    total = f"{shown(draft.total)} 元" if draft.complete else ""
    words = (unit.name if unit else "", shown(head.get("采购日期")), head.get("供应商"), total)
    return "，".join(filter(None, (*words, Status(draft.status).label)))


def _untouchable(draft: Draft, stored: Purchase, *, differs: bool) -> Problem:
    row, state = draft.head.number, stored.get_status_display()
    if not differs:
        return Problem(row, "状态", in_words(draft.status), f"系统中这笔采购已为“{state}”，不能改回")
    remedy = "如需更正请先撤销核准，或换一个编号"
    return Problem(row, "采购编号", draft.number, f"系统中这笔采购为“{state}”且内容不同，不能覆盖；{remedy}")


def moved_on(wanted: str, stored: str) -> bool:
    """A purchase that has gone further than the workbook says stays where it is."""
    if wanted == stored:
        return True
    if wanted == Status.RETURNED or stored not in ORDER:
        return False
    return ORDER[Status(stored)] > ORDER[Status(wanted)]


def differences(draft: Draft, stored: Purchase, known: Known) -> Fields:
    """What the workbook says otherwise, the status aside: (column, stored, given) in words."""
    head = draft.head
    before = {
        "采购日期": stored.purchase_date,
        "供应商": stored.supplier.name if stored.supplier else "",
        "采购渠道": stored.channel,
        "原采购编号": stored.original.number if stored.original else "",
    }
    fields = [
        (column, in_words(value), in_words(head.get(column) or ""))
        for column, value in before.items()
        if (value or "") != (head.get(column) or "")
    ]
    invoices = [receipt.identity for receipt in known.receipts[stored.pk] if receipt.identity]
    if draft.identity and draft.identity not in invoices:
        fields.append(("发票", "、".join(invoices), draft.identity))
    return fields + _line_differences(draft, known.lines[stored.pk])


def _line_differences(draft: Draft, lines: list[tuple[Any, ...]]) -> Fields:
    wanted = [
        (
            row.get("用途"),
            row.get("法定节日") or "",
            row.get("产地"),
            row.get("产品名称"),
            row.get("数量"),
            row.get("计量单位") or "",
            row.get("金额"),
            row.get("其中已登记金额") or ZERO,
        )
        for row in draft.rows
    ]
    if wanted == lines:
        return []
    fields: Fields = []
    if len(wanted) != len(lines):
        fields.append(("明细行数", str(len(lines)), str(len(wanted))))
    for position, (old, new) in enumerate(zip(lines, wanted, strict=False), start=1):
        fields += [
            (f"第 {position} 行{column}", _line_word(column, one), _line_word(column, other))
            for column, one, other in zip(LINE, old, new, strict=True)
            if one != other
        ]
    return fields


def _line_word(column: str, value: Any) -> str:
    if column == "用途" and value:
        return str(Use(value).label)
    if column == "法定节日" and value:
        return str(Holiday(value).label)
    if column == "数量" and value is not None:
        return f"{value.normalize():f}"
    return shown(value)
