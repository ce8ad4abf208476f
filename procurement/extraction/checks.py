"""Sums and codes that must hold on any invoice; each failure is a sentence and the fields it throws doubt on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from procurement.extraction.data import Item
from procurement.extraction.values import money_text

Findings = tuple[list[str], set[str]]


def _sums(values: dict[str, Any]) -> Findings:
    total, amount, tax = (values.get(name) for name in ("total", "amount", "tax"))
    if total is None or amount is None or tax is None or total == amount + tax:
        return [], set()
    text = f"价税合计 {money_text(total)} 不等于不含税金额 {money_text(amount)} 加税额 {money_text(tax)}。"
    return [text], {"total", "amount", "tax"}


def _capital(values: dict[str, Any], capitals: Sequence[tuple[str, Decimal]]) -> Findings:
    total = values.get("total")
    wrong = [
        f"价税合计大写为 {money_text(capital)}，与 {money_text(total)} 不一致（{label}）。"
        for label, capital in capitals
        if total is not None and capital != total
    ]
    return wrong, {"total"} if wrong else set()


def _codes(values: dict[str, Any]) -> Findings:
    from stdnum.cn import ric, uscc  # ric: a person's number, on farm purchases

    problems, doubtful = [], set()
    for name, label in (("buyer_id", "购买方"), ("seller_id", "销售方")):
        code = values.get(name, "")
        if len(code) == 18 and not uscc.is_valid(code) and not ric.is_valid(code):
            problems.append(f"{label}统一社会信用代码 {code} 的校验位不对，请核对。")
            doubtful.add(name)
    return problems, doubtful


def _items(values: dict[str, Any], items: Sequence[Item]) -> Findings:
    problems, doubtful = [], set()
    for name, label in (("amount", "不含税金额"), ("tax", "税额")):
        parts = [getattr(item, name) for item in items]
        stated = values.get(name)
        if stated is None or not parts or None in parts:
            continue
        if (found := sum(parts, Decimal(0))) != stated:
            problems.append(f"明细的{label}合计 {money_text(found)} 不等于票面{label} {money_text(stated)}。")
            doubtful |= {"items", name}
    return problems, doubtful


def check(
    values: dict[str, Any], items: Sequence[Item], capitals: Sequence[tuple[str, Decimal]]
) -> tuple[list[str], set[str]]:
    """Sentences, and the names of the fields in doubt."""
    problems: list[str] = []
    doubtful: set[str] = set()
    for found, fields in (_sums(values), _capital(values, capitals), _codes(values), _items(values, items)):
        problems += found
        doubtful |= fields
    return problems, doubtful
