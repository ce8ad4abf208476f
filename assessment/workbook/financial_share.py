"""金融机构: purchases from the paired counties against the assistance funds."""

from assessment.models import RuleKind
from assessment.workbook.rule_sheet import RuleSheet, percent_text

SHEET = RuleSheet(
    kind=RuleKind.FINANCIAL_SHARE,
    label="金融机构",
    measure=percent_text,
    note="分子：采购对口地区产品的金额（不含商务帮扶）；分母：帮扶资金基数；政策未定比例的只通报占比，不作达标判定",
)
