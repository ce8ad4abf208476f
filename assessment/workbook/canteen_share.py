"""食堂10%: canteen purchases on the 832 platform against the canteen budget."""

from assessment.models import RuleKind
from assessment.workbook.rule_sheet import Extra, RuleSheet, percent_text
from assessment.workbook.source import yuan
from cixi_xiezuo.columns import Column, Kind

SHEET = RuleSheet(
    kind=RuleKind.CANTEEN_SHARE,
    label="食堂",
    measure=percent_text,
    note="分子：食堂在832平台采购脱贫地区产品的金额（食堂共用的计入共用代表单位）；分母：食堂采购预算；已批准预留比例的单位按其比例",
    extras=(
        Extra(
            Column("其中结对县（元）", 17, Kind.AMOUNT, total=True),
            lambda standing, source: yuan(standing.second),
        ),
    ),
)
