"""工会500元: welfare purchases against the allowance a head."""

from assessment.models import RuleKind
from assessment.workbook.rule_sheet import Extra, RuleSheet, amount_text
from assessment.workbook.source import yuan
from cixi_xiezuo.columns import Column, Kind

SHEET = RuleSheet(
    kind=RuleKind.UNION_WELFARE_CAP,
    label="工会",
    measure=amount_text,
    note="分子：工会福利采购金额（不限产地）；分母：人数 × 每人每年限额；差额：距限额的金额，已超出的为超出的金额",
    standard=lambda standing, source: yuan(source.rule(standing.rule).amount),
    standard_column=Column("标准（元/人）", 12, Kind.AMOUNT),
    gap_column=Column("差额（元）", 17, Kind.AMOUNT),  # below and above the cap do not add up
    extras=(
        Extra(
            Column("人数", 8, Kind.WHOLE),
            lambda standing, source: source.standing.facts.base(standing.unit.id).headcount,
        ),
    ),
)
