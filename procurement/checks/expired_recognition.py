"""The supplier's or a product's recognition (认定) had run out on the day of the purchase.

A warning, unless the year's policy says that such goods do not count: then they cannot be submitted.
"""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject

_REMEDY = "，按本年度口径不计入，请删除，或更正供应商、产品、日期"


def find(subject: Subject) -> Iterator[Doubt]:
    date, supplier = subject.purchase.date, subject.purchase.supplier
    if date is None:
        return
    counts = subject.terms is None or subject.terms.expired_counts
    level, remedy = (Level.WARN, "") if counts else (Level.BLOCK, _REMEDY)
    if supplier is not None and supplier.recognised_until is not None and supplier.recognised_until < date:
        yield Doubt(
            code="expired_recognition",
            level=level,
            message=(
                f"供应商“{supplier}”的认定有效期至 {supplier.recognised_until}，采购日期 {date} 已过期{remedy}"
            ),
            field="supplier",
            clause="第四部分（二）",
        )
    for line in subject.lines:
        until = line.recognised_until  # type: ignore[attr-defined]
        if until is not None and until < date:
            yield Doubt(
                code="expired_recognition",
                level=level,
                message=(
                    f"第 {line.position} 行：产品“{line.product_name}”的认定有效期至 {until}，"
                    f"采购日期 {date} 已过期{remedy}"
                ),
                field="product_name",
                clause="第四部分（二）",
                line=line.position,
            )
