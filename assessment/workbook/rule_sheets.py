"""The sheets of the rules by unit, in the order of the rules."""

from __future__ import annotations

from assessment.workbook import canteen_share, financial_share, union_holiday_share, union_welfare_cap
from assessment.workbook.rule_sheet import RuleSheet

RULE_SHEETS: dict[str, RuleSheet] = {
    sheet.kind: sheet
    for sheet in (
        canteen_share.SHEET,
        union_holiday_share.SHEET,
        union_welfare_cap.SHEET,
        financial_share.SHEET,
    )
}
