"""试算: how a year would stand if more were bought or a base were another. Nothing is stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.facts import BaseFacts
from assessment.standing import YearStanding
from procurement.choices import Channel, Holiday, Use
from procurement.measures import measure
from procurement.models import Purchase, PurchaseLine, Region
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
        changed[unit_id] = dataclasses.replace(facts.bases.get(unit_id, BaseFacts()), **fields)
    supposed = dataclasses.replace(facts, sums=facts.sums + extra, bases=changed)
    return YearStanding(standing.year, standing.as_of, standing.policy, supposed)


def _sums(standing: YearStanding, additions: list[Addition]) -> Iterable[Sum]:
    terms = TermsBook().of(standing.year)
    book = LinkBook.load({addition.unit.pk for addition in additions})
    for addition in additions:
        purchase = Purchase(unit=addition.unit, channel=addition.channel, date=standing.as_of)
        line = PurchaseLine(
            purchase=purchase,
            use=addition.use,
            holiday=addition.holiday or (Holiday.SPRING if addition.use == Use.UNION_HOLIDAY else ""),
            region=addition.region,
            amount=addition.amount,
            recognised=addition.amount,
            overlap=addition.overlap,
        )
        answer = book.answer(addition.unit.pk, standing.as_of)
        yield Sum(addition.unit.pk, answer.subject, answer.responsible or 0, measure(line, terms))
