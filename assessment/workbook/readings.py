"""口径说明: each rule with its clause and sentence, and how it is read; the paired counties and the holidays."""

from __future__ import annotations

from assessment import policy_words
from assessment.workbook.source import Source
from assessment.workbook.summary import paired_regions
from cixi_xiezuo.columns import Column
from cixi_xiezuo.sheets import Sheet
from procurement.choices import Holiday, PairingKind

NAME = "口径说明"
COLUMNS = (
    Column("规则", 20),
    Column("要求", 26),
    Column("适用单位", 34),
    Column("口径", 40),
    Column("牵头与组织", 36),
    Column("条款", 20),
    Column("原文", 70),
)


def write(sheet: Sheet, source: Source) -> None:
    policy, terms = source.standing.policy, source.explainer.terms
    sheet.title(f"{source.year}年度考核口径说明", COLUMNS)
    sheet.note(f"政策：{policy.title}　{policy.document_numbers}", COLUMNS)
    east_west = [each.name for each in paired_regions(terms) if terms.east_west(each.pk)]
    other = [each.name for each in paired_regions(terms) if not terms.east_west(each.pk)]
    sheet.note(f"{PairingKind.EAST_WEST.label}：{'、'.join(east_west)}", COLUMNS)
    sheet.note(f"{PairingKind.MOUNTAIN_SEA.label}：{'、'.join(other)}", COLUMNS)
    holidays = "、".join(holiday.label for holiday in Holiday if holiday in terms.holidays)
    sheet.note(f"法定节日：{holidays}", COLUMNS)
    table = sheet.table(COLUMNS, wrap=True)
    for rule in policy.rules.order_by("position"):
        table.add(
            [
                rule.title,
                policy_words.asked(rule),
                policy_words.subjects(rule),
                "；".join(policy_words.readings(rule)),
                "；".join(
                    filter(None, [rule.lead and f"{rule.lead}（牵头）", *policy_words.organisers(rule)])
                ),
                rule.clause,
                rule.quote,
            ]
        )
    table.close()
