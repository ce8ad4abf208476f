"""试算: how a year would stand if more were bought or a base were another. Nothing is stored."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.facts import NO_BASE
from assessment.standing import YearStanding
from procurement import tallies
from procurement.choices import Channel, Holiday, Status, Use
from procurement.measures import measure
from procurement.models import Purchase, PurchaseLine, Region
from procurement.tallies import Sum
from procurement.terms import Terms, TermsBook
from units.links import LinkBook
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Addition:
    """A purchase that might be made on the as-of day (in the year); `amount` in 元, `overlap` for 商务帮扶 only."""

    unit: Unit
    use: str
    region: Region
    amount: Decimal
    channel: str = Channel.OTHER
    holiday: str = ""
    overlap: Decimal = Decimal("0.00")


def suppose(
    standing: YearStanding,
    additions: Iterable[Addition] = (),
    bases: Mapping[int, Mapping[str, Any]] | None = None,
) -> YearStanding:
    """The same year with purchases added and bases changed (unit id → fields of BaseFacts, 分)."""
    return with_lines(standing, lines_of(standing, additions), bases)


def with_lines(
    standing: YearStanding,
    lines: Iterable[PurchaseLine],
    bases: Mapping[int, Mapping[str, Any]] | None = None,
    terms: Terms | None = None,
) -> YearStanding:
    """The same, from what `lines_of` made of the additions; `terms` of the year where they are at hand."""
    facts, terms = standing.facts, terms or TermsBook().of(standing.year)
    extra = tuple(_sum(line, terms) for line in lines)
    changed = dict(facts.bases)
    for unit_id, fields in (bases or {}).items():
        changed[unit_id] = facts.bases.get(unit_id, NO_BASE)._replace(**fields)
    supposed = dataclasses.replace(facts, sums=facts.sums + extra, bases=changed)
    return YearStanding(standing.year, standing.as_of, standing.policy, supposed)


def lines_of(standing: YearStanding, additions: Iterable[Addition]) -> list[PurchaseLine]:
    """What approval would make of the additions: lines in play, each with who answers for it; never stored."""
    first, last = datetime.date(standing.year, 1, 1), datetime.date(standing.year, 12, 31)
    day = min(max(standing.as_of, first), last)
    lines = [_line(addition, day) for addition in additions]
    if lines:
        buyers = {line.purchase.unit for line in lines}
        ids = {unit.pk for unit in buyers} | {unit.host_id for unit in buyers if unit.host_id}
        tallies.attribute(lines, LinkBook.load(ids))
    return lines


def _line(addition: Addition, day: datetime.date) -> PurchaseLine:
    gift = addition.use == Use.UNION_HOLIDAY
    return PurchaseLine(
        purchase=Purchase(
            unit=addition.unit, date=day, channel=addition.channel, status=Status.APPROVED, number="试算"
        ),
        use=addition.use,
        holiday=addition.holiday or (Holiday.SPRING if gift else ""),
        region=addition.region,
        amount=addition.amount,
        overlap=addition.overlap,
        recognised=addition.amount,
        posted=True,
    )


def _sum(line: PurchaseLine, terms: Terms) -> Sum:
    assert line.subject_id is not None
    return Sum(
        line.purchase.unit_id,
        line.subject_id,
        line.responsible_id or 0,
        measure(tallies.facts_of(line), terms),
    )
