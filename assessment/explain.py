"""The same figure again, line by line: what it counts, and what it leaves out and why.

For every figure: Σ counted = the figure; counted + excluded = all that the unit recorded. The reasons are
those of RULES.md, the first that applies. Written apart from the sums, over the lines themselves.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from assessment.facts import RuleTerms
from assessment.rules.dept_town_total import COMMERCE, LISTED, is_listed
from assessment.standing import YearStanding
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.money import to_fen
from procurement.choices import Channel, Status, Use
from procurement.models import PurchaseLine
from procurement.terms import Terms, TermsBook
from units.kinds import Canteen
from units.models import Unit


class Reason(enum.StrEnum):
    NOT_APPROVED = "not_approved"
    OTHER_YEAR = "other_year"
    AFTER_AS_OF = "after_as_of"
    WRONG_USE = "wrong_use"
    WRONG_CHANNEL = "wrong_channel"
    REGION_NOT_PAIRED = "region_not_paired"
    REGION_NOT_832 = "region_not_832"
    NO_HOLIDAY = "no_holiday"
    COMMERCE_OVERLAP = "commerce_overlap"
    LISTED_ENTERPRISE = "listed_enterprise"
    UNATTRIBUTED = "unattributed"


@dataclass(frozen=True, slots=True)
class Part:
    """A line, or the part of it, that a figure counts (`reason` empty) or leaves out. `amount` in 分."""

    line: PurchaseLine
    amount: int
    reason: Reason | None = None
    sentence: str = ""


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

    def lines(self, scope: Q | None = None) -> Iterator[PurchaseLine]:
        rows = PurchaseLine.objects.select_related(
            "purchase", "purchase__unit", "purchase__supplier", "region"
        )
        if scope is not None:
            rows = rows.filter(scope)
        return rows.order_by("purchase__number", "position").iterator(chunk_size=2000)

    def city(self, rule: str) -> Explanation:
        """city_total or dept_town_total over the whole city."""
        if rule == "city_total":
            return self._collect(rule, self.standing.city_total.value, self.lines())
        return self._collect(rule, self.standing.dept_town_total.value, self.lines())

    def responsible(self, unit: Unit) -> Explanation:
        """What a department or town answers for, over the lines that are its to answer for or its own."""
        row = self.standing.responsible_of(unit.pk)
        if row is None:
            raise Refused(f"单位 {unit.code} {unit.name} 不是部门、镇、街道或管委会，没有责任单位数据")
        found = Explanation("dept_town_total", row.attributed)
        scope = Q(responsible=unit) | Q(purchase__unit=unit)
        if self._rule("dept_town_total").parameters.get(LISTED) == "supervisor":
            facts = self.standing.facts
            below = (each.id for each in facts.units.values() if each.supervisor == unit.pk)
            scope |= Q(subject__in=[each for each in below if is_listed(each, facts)])
        for part in self._parts("dept_town_total", self.lines(scope)):
            if part.reason is None and self.answers(part.line) != unit.pk:
                continue
            (found.counted if part.reason is None else found.excluded).append(part)
        return found

    def unit(self, rule: str, unit: Unit) -> Explanation:
        """A unit's figure on a rule that applies to it by its kind."""
        standing = next((each for each in self.standing.of_unit(unit.pk) if each.rule == rule), None)
        if standing is None:
            raise Refused(f"规则 {rule} 不适用于单位 {unit.code} {unit.name}（{unit.get_kind_display()}）")
        found = self._collect(rule, standing.numerator, self.lines(Q(purchase__unit=unit)))
        if rule == "canteen_share":
            self._share_canteens(unit, found)
        return found

    def _share_canteens(self, unit: Unit, found: Explanation) -> None:
        """共用: a unit's canteen lines move to its 共用代表单位."""
        facts = self.standing.facts
        if facts.base(unit.pk).canteen == Canteen.SHARED:
            representative = facts.units[facts.base(unit.pk).canteen_representative or unit.pk]
            sentence = f"食堂共用，计入共用代表单位{representative.name}"
            found.excluded += [
                Part(part.line, part.amount, Reason.WRONG_USE, sentence) for part in found.counted
            ]
            found.counted = []
        kinds = facts.rules["canteen_share"].subject_kinds
        guests = [
            unit_id
            for unit_id, base in facts.bases.items()
            if base.canteen == Canteen.SHARED
            and base.canteen_representative == unit.pk
            and facts.units[unit_id].kind in kinds
        ]
        if guests:
            parts = self._parts("canteen_share", self.lines(Q(purchase__unit__in=guests)))
            found.counted += [part for part in parts if part.reason is None]

    def parts(self, rule: str, lines: Iterable[PurchaseLine]) -> list[Part]:
        """What a rule makes of lines given by `lines`; it must apply to their unit by its kind."""
        return list(self._parts(rule, lines))

    def _collect(self, rule: str, figure: int, lines: Iterable[PurchaseLine]) -> Explanation:
        found = Explanation(rule, figure)
        for part in self._parts(rule, lines):
            (found.counted if part.reason is None else found.excluded).append(part)
        return found

    def _parts(self, rule: str, lines: Iterable[PurchaseLine]) -> Iterator[Part]:
        for line in lines:
            amount, overlap = to_fen(line.figure), to_fen(line.overlap)
            reason = self.reason(rule, line)
            if reason is not None:
                yield Part(line, amount, reason, self.sentence(reason, line, rule))
                continue
            if amount != overlap:
                yield Part(line, amount - overlap)
            if overlap:
                reason = Reason.COMMERCE_OVERLAP
                yield Part(line, overlap, reason, self.sentence(reason, line, rule))

    def reason(self, rule: str, line: PurchaseLine) -> Reason | None:
        """Why a rule leaves a line out; None when it counts it (of commerce, what is above the overlap)."""
        return self._out_of_play(line) or self._reason(rule, line)

    def _rule(self, rule: str) -> RuleTerms:
        return self.standing.facts.rules[rule]

    def _out_of_play(self, line: PurchaseLine) -> Reason | None:
        purchase = line.purchase
        if purchase.status != Status.APPROVED:
            return Reason.NOT_APPROVED
        assert purchase.date is not None
        if purchase.date.year != self.standing.year:
            return Reason.OTHER_YEAR
        return Reason.AFTER_AS_OF if purchase.date > self.standing.as_of else None

    def _reason(self, rule: str, line: PurchaseLine) -> Reason | None:
        """Why a line in play is not counted by a rule; None when it is."""
        return getattr(self, f"_reason_{rule}")(line)

    def _unpaired(self, line: PurchaseLine) -> Reason | None:
        return None if self.terms.paired(line.region_id) else Reason.REGION_NOT_PAIRED

    def _reason_city_total(self, line: PurchaseLine) -> Reason | None:
        return self._unpaired(line)

    def _reason_dept_town_total(self, line: PurchaseLine) -> Reason | None:
        if line.use == Use.COMMERCE and self._rule("dept_town_total").parameters.get(COMMERCE) != "included":
            return Reason.WRONG_USE
        if (reason := self._unpaired(line)) is not None:
            return reason
        if self.answers(line) is not None:
            return None
        assert line.subject_id is not None
        return (
            Reason.LISTED_ENTERPRISE
            if is_listed(line.subject_id, self.standing.facts)
            else Reason.UNATTRIBUTED
        )

    def answers(self, line: PurchaseLine) -> int | None:
        """The id of the unit that answers for a posted line, the year's 名单 applied."""
        assert line.subject_id is not None
        if is_listed(line.subject_id, self.standing.facts):
            if self._rule("dept_town_total").parameters.get(LISTED) == "supervisor":
                return self.standing.facts.units[line.subject_id].supervisor
            return None
        return line.responsible_id

    def _reason_canteen_share(self, line: PurchaseLine) -> Reason | None:
        if line.use != Use.CANTEEN:
            return Reason.WRONG_USE
        if line.purchase.channel != Channel.PLATFORM_832:
            return Reason.WRONG_CHANNEL
        assert line.region is not None
        if not line.region.is_832:
            return Reason.REGION_NOT_832
        if self._rule("canteen_share").parameters.get("counties") == "paired":
            return self._unpaired(line)
        return None

    def _reason_union_holiday_share(self, line: PurchaseLine) -> Reason | None:
        if line.use != Use.UNION_HOLIDAY:
            return Reason.WRONG_USE
        if (reason := self._unpaired(line)) is not None:
            return reason
        return None if line.holiday in self.terms.holidays else Reason.NO_HOLIDAY

    def _reason_union_welfare_cap(self, line: PurchaseLine) -> Reason | None:
        return None if line.use == Use.UNION_WELFARE else Reason.WRONG_USE

    def _reason_financial_share(self, line: PurchaseLine) -> Reason | None:
        return Reason.WRONG_USE if line.use == Use.COMMERCE else self._unpaired(line)

    def sentence(self, reason: Reason, line: PurchaseLine, rule: str) -> str:
        """The reason as a Chinese sentence for the page."""
        purchase = line.purchase
        title = self._rule(rule).title
        return {
            Reason.NOT_APPROVED: f"采购为“{purchase.get_status_display()}”，尚未核准，不计入",
            Reason.OTHER_YEAR: f"计入日期 {purchase.date} 不在 {self.standing.year} 年度，不计入",
            Reason.AFTER_AS_OF: f"计入日期 {purchase.date} 在截止日 {self.standing.as_of} 之后，不计入",
            Reason.WRONG_USE: f"用途“{line.get_use_display()}”不属于{title}，不计入",
            Reason.WRONG_CHANNEL: f"渠道“{purchase.get_channel_display()}”不是832平台，不计入",
            Reason.REGION_NOT_PAIRED: f"产地{line.region}不在当年结对范围内，不计入",
            Reason.REGION_NOT_832: f"产地{line.region}不是832脱贫县，不计入",
            Reason.NO_HOLIDAY: "未注明当年认可的法定节日，不计入",
            Reason.COMMERCE_OVERLAP: "其中已由购买单位自行登记的部分，不重复计入",
            Reason.LISTED_ENTERPRISE: "单位在当年宁波市消费帮扶企业名单内，不计入部门与镇街",
            Reason.UNATTRIBUTED: "单位没有可认定的责任单位，请补充主管部门或所在镇街",
        }[reason]


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
