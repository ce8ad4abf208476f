"""Two readings of a year side by side: each figure before and after, its status, share and what is still to go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from assessment import charts, outlook
from assessment.facts import UnitFacts
from assessment.rules.city_total import Total
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import Standing, Status
from assessment.standing import YearStanding
from cixi_xiezuo.money import from_fen, yuan_display

WITHOUT_GAP = {
    Status.MISSING_BASE: "缺基数，算不出",
    Status.NOT_APPLICABLE: "不考核",
    Status.REPORTED: "没有规定比例",
    Status.NO_TARGET: "未定目标",
    Status.MET: "已达到",
}


class Figure(NamedTuple):
    """One figure, 分. `full`: what it is measured by; `ratio` in ten-thousandths, truncated."""

    value: int
    full: int | None
    ratio: int | None
    status: Status
    gap: int | None
    rank: int | None = None

    @property
    def to_go(self) -> str:
        if self.status in WITHOUT_GAP:
            return WITHOUT_GAP[self.status]
        words = {Status.EXCEEDED: "超出", Status.WITHIN: "还可用"}.get(self.status, "还差")
        return f"{words} {yuan_display(from_fen(self.gap or 0))} 元"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of the city (`unit` None) or of a unit, before and after. `outlook`: a sentence, or ""."""

    rule: str
    title: str
    unit: UnitFacts | None
    before: Figure
    after: Figure
    outlook: str

    @property
    def moved(self) -> bool:
        """Whether the figure itself is another; a rank may also change because others move."""
        return self.before._replace(rank=None) != self.after._replace(rank=None)

    @property
    def ranked_anew(self) -> bool:
        return not self.moved and self.before.rank != self.after.rank


def city(before: YearStanding, after: YearStanding) -> list[Change]:
    """全市总额 and 部门与镇街."""
    pairs = ((before.city_total, after.city_total), (before.dept_town_total, after.dept_town_total))
    return [_change(before, old.rule, None, _total(old), _total(new)) for old, new in pairs]


def units(before: YearStanding, after: YearStanding) -> Iterator[Change]:
    """Every unit's figures: what it answers for first, then its rules. Both readings have the same units."""
    answered = zip(before.responsible, after.responsible, strict=True)
    rows = [("dept_town_total", old.unit, _responsible(old), _responsible(new)) for old, new in answered]
    shares = zip(before.units, after.units, strict=True)
    rows += [(old.rule, old.unit, _share(old), _share(new)) for old, new in shares]
    for rule, unit, old_figure, new_figure in rows:
        yield _change(before, rule, unit, old_figure, new_figure)


def _change(standing: YearStanding, rule: str, unit: UnitFacts | None, old: Figure, new: Figure) -> Change:
    title = standing.facts.rules[rule].title
    if unit is not None and rule == "dept_town_total":
        title = f"{title}（责任单位）"
    words = outlook.sentence(
        rule,
        standing.year,
        standing.as_of,
        done=old.value,
        was=old.status,
        value=new.value,
        gap=new.gap,
        status=new.status,
    )
    return Change(rule, title, unit, old, new, words)


def _total(total: Total) -> Figure:
    done = charts.share(total.value, total.threshold)
    return Figure(total.value, total.threshold, done, total.status, total.gap)


def _share(row: Standing) -> Figure:
    return Figure(row.numerator, row.denominator, row.ratio, row.status, row.gap)


def _responsible(row: Responsible) -> Figure:
    return Figure(row.attributed, row.target, row.completion, row.status, row.gap, row.rank)
