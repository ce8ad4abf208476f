"""Which figures the lines of one purchase entered, and why not the others: for the page of the purchase."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from assessment.explain import Explainer, Part
from assessment.lines import Line, read
from assessment.rules import UNIT_RULES
from assessment.rules.reasons import Reason
from assessment.standing import YearStanding
from procurement.models import Purchase, PurchaseLine
from units.kinds import Canteen


@dataclass(frozen=True, slots=True)
class Counted:
    """One figure: what it took of each line (分), and the sentence where it left something out."""

    rule: str
    title: str
    unit_code: str
    parts: list[Part]
    note: str = ""

    @property
    def amount(self) -> int:
        return sum(part.amount for part in self.parts if part.reason is None)


def counted(purchase: Purchase) -> list[Counted]:
    """By the purchase's own year, as of today. The city's figures first, then those of its unit."""
    assert purchase.date is not None
    standing = YearStanding.read(purchase.date.year, timezone.localdate())
    explainer = Explainer(standing)
    rules = standing.facts.rules
    wanted = [rule for rule in ("city_total", "dept_town_total") if rule in rules]
    wanted += [
        rule for rule in UNIT_RULES if rule in rules and purchase.unit.kind in rules[rule].subject_kinds
    ]
    lines = list(read(Q(purchase=purchase)))
    return [_figure(rule, purchase, explainer, lines) for rule in wanted]


@dataclass(frozen=True, slots=True)
class Places:
    """Where a line counts (titles, with whose figure it is), and why it does not where its use would have it."""

    counted: list[str]
    left_out: list[str]


def places(line: PurchaseLine, explainer: Explainer) -> Places:
    """Of any line in play, also of one that is only supposed."""
    found, plain = Places([], []), Line.of(line)
    purchase, rules = line.purchase, explainer.standing.facts.rules
    for rule, terms in rules.items():
        if rule in UNIT_RULES and purchase.unit.kind not in terms.subject_kinds:
            continue
        reason = explainer.reason(rule, plain)
        if reason is None:
            note = _note(rule, purchase, explainer, [Part(plain, 0, None, rule, explainer)])
            found.counted.append(f"{terms.title}（{note}）" if note else terms.title)
        elif reason != Reason.WRONG_USE:
            found.left_out.append(f"{terms.title}：{explainer.sentence(reason, plain, rule)}")
    return found


def _figure(rule: str, purchase: Purchase, explainer: Explainer, lines: list[Line]) -> Counted:
    parts = list(explainer.parts(rule, lines))
    return Counted(
        rule=rule,
        title=explainer.standing.facts.rules[rule].title,
        unit_code="" if rule in ("city_total", "dept_town_total") else purchase.unit.code,
        parts=parts,
        note=_note(rule, purchase, explainer, parts),
    )


def _note(rule: str, purchase: Purchase, explainer: Explainer, parts: list[Part]) -> str:
    """Whose figure it is, where it is not the buyer's own."""
    facts = explainer.standing.facts
    if rule == "dept_town_total":
        answering = {explainer.answers(part.line) for part in parts if part.reason is None}
        names = [facts.units[unit].name for unit in answering if unit is not None]
        return f"责任单位：{'、'.join(names)}" if names else ""
    base = facts.base(purchase.unit_id)
    if rule == "canteen_share" and base.canteen == Canteen.SHARED and base.canteen_representative:
        return f"食堂共用，计入共用代表单位 {facts.units[base.canteen_representative].name}"
    return ""
