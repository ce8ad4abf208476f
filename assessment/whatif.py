"""试算: how a year would stand if more were bought or a base were another. Nothing is stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.facts import NO_BASE
from assessment.standing import YearStanding
from cixi_xiezuo.money import to_fen
from procurement.choices import Channel, Holiday, Use
from procurement.measures import LineFacts, measure
from procurement.models import Region
from procurement.tallies import Sum
from procurement.terms import TermsBook
from units.links import LinkBook
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Addition:
    """A purchase that might be made on the as-of day; `amount` in 元, `overlap` for 商务帮扶 only."""

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
    facts = standing.facts
    extra = tuple(_sums(standing, list(additions)))
    changed = dict(facts.bases)
    for unit_id, fields in (bases or {}).items():
        changed[unit_id] = facts.bases.get(unit_id, NO_BASE)._replace(**fields)
    supposed = dataclasses.replace(facts, sums=facts.sums + extra, bases=changed)
    return YearStanding(standing.year, standing.as_of, standing.policy, supposed)


def _sums(standing: YearStanding, additions: list[Addition]) -> Iterable[Sum]:
    terms = TermsBook().of(standing.year)
    book = LinkBook.load({addition.unit.pk for addition in additions})
    for addition in additions:
        line = LineFacts(
            pk=0,
            day=standing.as_of,
            unit=addition.unit.pk,
            channel=addition.channel,
            use=addition.use,
            holiday=addition.holiday or (Holiday.SPRING if addition.use == Use.UNION_HOLIDAY else ""),
            region=addition.region.pk,
            is_832=addition.region.is_832,
            amount=to_fen(addition.amount),
            overlap=to_fen(addition.overlap),
        )
        answer = book.answer(addition.unit.pk, standing.as_of)
        yield Sum(addition.unit.pk, answer.subject, answer.responsible or 0, measure(line, terms))
