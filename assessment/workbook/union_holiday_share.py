"""工会20%: holiday gifts from the paired counties against all of the year's holiday gifts."""

from assessment.models import RuleKind
from assessment.workbook.rule_sheet import RuleSheet, percent_text

SHEET = RuleSheet(
    kind=RuleKind.UNION_HOLIDAY_SHARE,
    label="工会",
    measure=percent_text,
    note="分子：法定节日慰问采购对口地区产品的金额（不含工会福利）；分母：当年节日慰问品总额",
)
