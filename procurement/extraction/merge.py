"""Readings of several sources → one record. The more trusted source wins, and every disagreement is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from procurement.extraction.checks import check
from procurement.extraction.data import FIELDS, LABELS, InvoiceData, Item
from procurement.extraction.partial import RANK, TRUST, Partial, Reading
from procurement.extraction.qr import TYPES
from procurement.extraction.remarks import note
from procurement.extraction.values import compact, money_text

NAMES = LABELS | {
    "invoice_type": "发票种类",
    "buyer_name": "购买方名称",
    "buyer_id": "购买方识别号",
    "seller_name": "销售方名称",
    "seller_id": "销售方识别号",
}
"""In sentences about a field that differs or is missing."""
MISSING = ("invoice_number", "issue_date", "total", "buyer_name", "seller_name")
NO_ROWS = "没有读到货物明细，请对照票面填写产品、数量和金额。"
TABLELESS = ("51", "61")  # tickets
AGREED, DISPUTED, WEAK = 1.0, 0.5, 0.4


def _shown(name: str, value: Any) -> str:
    if name == "invoice_type":
        return str(TYPES.get(value, value))
    if isinstance(value, Decimal):
        return money_text(value) or ""
    return value.isoformat() if isinstance(value, date) else str(value)


_ALIKE = ({"10", "14"}, {"04", "11"})  # printed alike: 通行费 is an 电子普通发票, 卷票 a 普通发票


def _same(name: str, one: Any, other: Any) -> bool:
    if name == "invoice_type" and any({one, other} <= kinds for kinds in _ALIKE):
        return True
    return compact(one) == compact(other) if isinstance(one, str) else bool(one == other)


def _has_text(readings: list[Reading]) -> bool:
    """Whether more than a code was read, so that rows might have been too."""
    return any(reading.fields and reading.source in ("text", "ocr") for reading in readings)


def _confidence(reading: Reading, name: str) -> float:
    return WEAK if name in reading.weak else TRUST[reading.source]


def _choose_items(
    readings: list[Reading], problems: list[str], source: dict[str, str], confidence: dict[str, float]
) -> tuple[Item, ...]:
    with_items = [reading for reading in readings if reading.items]
    if not with_items:
        return ()
    best = with_items[0]
    source["items"], confidence["items"] = best.source, TRUST[best.source]
    for other in with_items[1:]:
        mine = sum((item.amount for item in best.items if item.amount is not None), Decimal(0))
        theirs = sum((item.amount for item in other.items if item.amount is not None), Decimal(0))
        if mine != theirs:
            problems.append(
                f"明细金额不一致：{best.label}合计 {money_text(mine)}，{other.label}合计 {money_text(theirs)}，"
                f"以{best.label}为准。"
            )
            confidence["items"] = DISPUTED
    return tuple(best.items)


def merge(partial: Partial) -> InvoiceData:
    """One frozen record with its problems: the parser's, the disagreements, the failed checks, what is missing."""
    readings = sorted(partial.readings, key=lambda reading: RANK[reading.source])
    problems = list(partial.problems)
    values: dict[str, Any] = {}
    source: dict[str, str] = {}
    confidence: dict[str, float] = {}
    for name in FIELDS:
        said = [reading for reading in readings if name in reading.fields]
        said.sort(key=lambda reading: name in reading.weak)
        if not said:
            continue
        best = said[0]
        values[name], source[name] = best.fields[name], best.source
        confidence[name] = _confidence(best, name)
        for other in said[1:]:
            if _same(name, best.fields[name], other.fields[name]):
                if name not in other.weak and confidence[name] != DISPUTED:
                    confidence[name] = max(confidence[name], AGREED if other.source != best.source else 0.0)
            elif name not in other.weak:
                confidence[name] = DISPUTED
                problems.append(
                    f"{NAMES[name]}不一致：{best.label}为 {_shown(name, best.fields[name])}，"
                    f"{other.label}为 {_shown(name, other.fields[name])}，以{best.label}为准。"
                )
    items = _choose_items(readings, problems, source, confidence)
    capitals = [(reading.label, reading.capital) for reading in readings if reading.capital is not None]
    is_invoice = "invoice_number" in values or partial.document == "invoice"
    if is_invoice:
        problems += [f"没有读到{NAMES[name]}，请补填。" for name in MISSING if name not in values]
        if not items and values.get("invoice_type") not in TABLELESS and _has_text(readings):
            problems.append(NO_ROWS)
    elif partial.document == "unknown" and not problems:
        problems.append("没有认出这是什么票据，请手工填写，或换上原文件。")
    failed, doubtful = check(values, items, capitals)
    for name in doubtful & set(confidence):
        confidence[name] = min(confidence[name], DISPUTED)
    for reading in readings:
        note(compact(reading.remark), partial)
    return InvoiceData(
        format=partial.format,
        kind="invoice" if is_invoice else "unknown",
        document="invoice" if is_invoice else partial.document,
        on_832=partial.on_832,
        red_of=partial.red_of,
        items=items,
        source=source,
        confidence=confidence,
        problems=tuple(dict.fromkeys(problems + failed)),
        **values,
    )
