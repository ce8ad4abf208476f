"""食堂采购 ≥ 10 % of the budget on the 832 platform — 第四部分（一）第一段, 慈财〔2021〕164号.

A unit that shares a canteen (共用) has no figure of its own: its purchases count for the representative.
"""

from __future__ import annotations

from collections import defaultdict

from assessment.facts import RuleTerms, YearFacts
from assessment.lines import Line
from assessment.rules.reasons import Reason, unpaired
from assessment.rules.standing import Standing, Status, share
from procurement.choices import Channel, Use
from procurement.measures import NOTHING
from procurement.terms import Terms
from units.kinds import Canteen

COUNTIES = "counties"
"""Parameter: "is_832" (every county on the platform counts) or "paired" (only paired ones do)."""
PAIRED = "paired"


def standings(rule: RuleTerms, facts: YearFacts) -> list[Standing]:
    spent: dict[int, int] = defaultdict(int)
    paired: dict[int, int] = defaultdict(int)
    subjects = facts.subjects(rule)
    for unit in subjects:
        base = facts.base(unit.id)
        bought = facts.bought.get(unit.id, NOTHING)
        buyer = base.canteen_representative if base.canteen == Canteen.SHARED else unit.id
        if buyer is not None:
            spent[buyer] += bought.canteen_832
            paired[buyer] += bought.canteen_832_paired
    counted = paired if rule.parameters.get(COUNTIES) == PAIRED else spent
    result = []
    for unit in subjects:
        base = facts.base(unit.id)
        if base.canteen in (Canteen.SHARED, Canteen.NONE):
            result.append(
                Standing(
                    unit,
                    rule.kind,
                    counted[unit.id],
                    None,
                    None,
                    None,
                    Status.NOT_APPLICABLE,
                    None,
                    rule.clause,
                    paired[unit.id],
                )
            )
            continue
        percent = rule.percent if base.reserve is None else base.reserve
        result.append(
            share(
                unit,
                rule.kind,
                counted[unit.id],
                base.canteen_budget,
                percent,
                closed=facts.closed,
                clause=rule.clause,
                second=paired[unit.id],
            )
        )
    return result


def guests(unit: int, rule: RuleTerms, facts: YearFacts) -> list[int]:
    """The units whose canteen purchases count for this one as their 共用代表单位."""
    return [
        each
        for each, base in facts.bases.items()
        if base.canteen == Canteen.SHARED
        and base.canteen_representative == unit
        and facts.units[each].kind in rule.subject_kinds
    ]


def left_out(line: Line, rule: RuleTerms, facts: YearFacts, terms: Terms) -> Reason | None:
    if line.use != Use.CANTEEN:
        return Reason.WRONG_USE
    if line.channel != Channel.PLATFORM_832:
        return Reason.WRONG_CHANNEL
    if not line.is_832:
        return Reason.REGION_NOT_832
    return unpaired(line, terms) if rule.parameters.get(COUNTIES) == PAIRED else None
