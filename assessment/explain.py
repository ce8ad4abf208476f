"""The same figure again, line by line: what it counts, and what it leaves out and why.

For every figure: Σ counted = the figure; counted + excluded = all that the unit recorded. A line left out has the
first reason that applies: it is not in play, or what the rule's own `left_out` says. Over the lines, not over the sums.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.db.models import Q

from assessment import lines
from assessment.facts import RuleTerms
from assessment.lines import Line
from assessment.rules import LEFT_OUT, canteen_share
from assessment.rules.dept_town_total import answering, by_supervisor, is_listed
from assessment.rules.reasons import Reason
from assessment.standing import YearStanding
from cixi_xiezuo.errors import Refused
from procurement.choices import Status, Use
from procurement.terms import Terms, TermsBook
from units.kinds import Canteen
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Part:
    """A line, or the part of it, that a figure counts (`reason` None) or leaves out. `amount` in 分.

    The sentence is made when somebody asks for it.
    """

    line: Line
    amount: int
    reason: Reason | None
    rule: str
    explainer: Explainer

    @property
    def sentence(self) -> str:
        return "" if self.reason is None else self.explainer.sentence(self.reason, self.line, self.rule)


@dataclass(slots=True)
class Explanation:
    """`figure` in 分, as the standing says it."""

    rule: str
    figure: int
    counted: list[Part] = field(default_factory=list)
    excluded: list[Part] = field(default_factory=list)

    @property
    def sum_counted(self) -> int:
        return sum(part.amount for part in self.counted)


class Explainer:
    """Explains the figures of one year as of one day."""

    def __init__(self, standing: YearStanding, terms: Terms | None = None) -> None:
        self.standing = standing
        self.terms = terms or TermsBook().of(standing.year)

    def city(self, rule: str) -> Explanation:
        """city_total or dept_town_total over the whole city."""
        return self._whole(rule, None)

    def responsible(self, unit: Unit) -> Explanation:
        """What a department or town answers for."""
        return self._whole("dept_town_total", unit)

    def unit(self, rule: str, unit: Unit) -> Explanation:
        """A unit's figure on a rule that applies to it by its kind."""
        return _collected(rule, *self._of_unit(rule, unit))

    def _whole(self, rule: str, unit: Unit | None) -> Explanation:
        return _collected(rule, *self.asked(rule, unit))

    def asked(self, rule: str, unit: Unit | None) -> tuple[int, Iterator[Part]]:
        """The figure (分) of the city or a unit, and its parts one by one, by purchase number.

        Nothing is kept of a part that has gone by. Raises Refused where the unit has no such figure.
        """
        if unit is None:
            total = self.standing.city_total if rule == "city_total" else self.standing.dept_town_total
            return total.value, self.parts(rule, lines.read())
        if rule == "dept_town_total":
            return self._of_responsible(unit)
        return self._of_unit(rule, unit)

    def _of_responsible(self, unit: Unit) -> tuple[int, Iterator[Part]]:
        """Over the lines that are its to answer for or its own."""
        row = self.standing.responsible_of(unit.pk)
        if row is None:
            raise Refused(f"单位 {unit.code} {unit.name} 不是部门、镇、街道或管委会，没有责任单位数据")
        scope = Q(responsible=unit) | Q(purchase__unit=unit)
        if by_supervisor(self._rule("dept_town_total")):
            facts = self.standing.facts
            below = (each.id for each in facts.units.values() if each.supervisor == unit.pk)
            scope |= Q(subject__in=[each for each in below if is_listed(each, facts)])
        return row.attributed, (
            part
            for part in self.parts("dept_town_total", lines.read(scope))
            if part.reason is not None or self.answers(part.line) == unit.pk
        )

    def _of_unit(self, rule: str, unit: Unit) -> tuple[int, Iterator[Part]]:
        standing = next((each for each in self.standing.of_unit(unit.pk) if each.rule == rule), None)
        if standing is None:
            raise Refused(f"规则 {rule} 不适用于单位 {unit.code} {unit.name}（{unit.get_kind_display()}）")
        shared = rule == "canteen_share"
        guests = canteen_share.guests(unit.pk, self._rule(rule), self.standing.facts) if shared else []
        parts = self.parts(rule, lines.read(Q(purchase__unit__in=[unit.pk, *guests])))
        own = (self._shared_away(part) if part.line.unit == unit.pk else part for part in parts)
        return standing.numerator, (part for part in own if part.line.unit == unit.pk or part.reason is None)

    def _shared_away(self, part: Part) -> Part:
        """共用: what a unit's own figure would count goes to its 共用代表单位."""
        shared = self.standing.facts.base(part.line.unit).canteen == Canteen.SHARED
        if part.rule != "canteen_share" or part.reason is not None or not shared:
            return part
        return replace(part, reason=Reason.WRONG_USE)

    def parts(self, rule: str, rows: Iterable[Line]) -> Iterator[Part]:
        """What a rule makes of lines; it must apply to their units by their kind."""
        for line in rows:
            reason = self.reason(rule, line)
            if reason is not None:
                yield Part(line, line.amount, reason, rule, self)
                continue
            if line.amount != line.overlap:
                yield Part(line, line.amount - line.overlap, None, rule, self)
            if line.overlap:
                yield Part(line, line.overlap, Reason.COMMERCE_OVERLAP, rule, self)

    def reason(self, rule: str, line: Line) -> Reason | None:
        """Why a rule leaves a line out; None when it counts it (of commerce, what is above the overlap)."""
        if (reason := self._out_of_play(line)) is not None:
            return reason
        return LEFT_OUT[rule](line, self._rule(rule), self.standing.facts, self.terms)

    def answers(self, line: Line) -> int | None:
        """The id of the unit that answers for a posted line."""
        return answering(line, self._rule("dept_town_total"), self.standing.facts)

    def _rule(self, rule: str) -> RuleTerms:
        return self.standing.facts.rules[rule]

    def _out_of_play(self, line: Line) -> Reason | None:
        if line.status != Status.APPROVED:
            return Reason.NOT_APPROVED
        assert line.date is not None
        if line.date.year != self.standing.year:
            return Reason.OTHER_YEAR
        return Reason.AFTER_AS_OF if line.date > self.standing.as_of else None

    def sentence(self, reason: Reason, line: Line, rule: str) -> str:
        """The reason as a Chinese sentence for the page."""
        if rule == "canteen_share" and reason == Reason.WRONG_USE and line.use == Use.CANTEEN:
            facts = self.standing.facts
            representative = facts.base(line.unit).canteen_representative or line.unit
            return f"食堂共用，计入共用代表单位{facts.units[representative].name}"
        match reason:
            case Reason.NOT_APPROVED:
                return f"采购为“{line.status_name}”，尚未核准，不计入"
            case Reason.OTHER_YEAR:
                return f"计入日期 {line.date} 不在 {self.standing.year} 年度，不计入"
            case Reason.AFTER_AS_OF:
                return f"计入日期 {line.date} 在截止日 {self.standing.as_of} 之后，不计入"
            case Reason.WRONG_USE:
                return f"用途“{line.use_name}”不属于{self._rule(rule).title}，不计入"
            case Reason.WRONG_CHANNEL:
                return f"渠道“{line.channel_name}”不是832平台，不计入"
            case Reason.REGION_NOT_PAIRED:
                return f"产地{line.region_name}不在当年结对范围内，不计入"
            case Reason.REGION_NOT_832:
                return f"产地{line.region_name}不是832脱贫县，不计入"
            case Reason.NO_HOLIDAY:
                return "未注明当年认可的法定节日，不计入"
            case Reason.COMMERCE_OVERLAP:
                return "其中已由购买单位自行登记的部分，不重复计入"
            case Reason.LISTED_ENTERPRISE:
                return "单位在当年宁波市消费帮扶企业名单内，不计入部门与镇街"
            case Reason.UNATTRIBUTED:
                return "单位没有可认定的责任单位，请补充主管部门或所在镇街"


def _collected(rule: str, figure: int, parts: Iterator[Part]) -> Explanation:
    found = Explanation(rule, figure)
    for part in parts:
        (found.counted if part.reason is None else found.excluded).append(part)
    return found


def explain(
    year: int, rule: str, unit_code: str | None = None, as_of: datetime.date | None = None
) -> Explanation:
    """The figure asked for by a command or a page. Raises Refused for an unknown rule or unit."""
    standing = YearStanding.read(year, as_of)
    if rule not in standing.facts.rules:
        names = "、".join(standing.facts.rules)
        raise Refused(f"没有规则“{rule}”，应为 {names} 之一")
    explainer = Explainer(standing)
    if unit_code is None:
        if rule not in ("city_total", "dept_town_total"):
            raise Refused(f"规则 {rule} 按单位计算，请给出单位编码")
        return explainer.city(rule)
    unit = Unit.objects.filter(code=unit_code).first()
    if unit is None:
        raise Refused(f"没有编码为“{unit_code}”的单位，请核对单位编码")
    if rule == "dept_town_total":
        return explainer.responsible(unit)
    return explainer.unit(rule, unit)
