"""What the sheets are written from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from assessment.explain import Explainer
from assessment.facts import RuleTerms
from assessment.standing import YearStanding
from cixi_xiezuo.money import from_fen
from procurement.models import PurchaseLine

UNIT_NOTE = "单位：元"


@dataclass(frozen=True)
class Source:
    """A year's standing as of a day, and what explains its lines."""

    standing: YearStanding
    explainer: Explainer

    @classmethod
    def read(cls, year: int, as_of: datetime.date | None = None) -> Source:
        standing = YearStanding.read(year, as_of)
        return cls(standing, Explainer(standing))

    @property
    def year(self) -> int:
        return self.standing.year

    @property
    def title(self) -> str:
        return f"{self.year}年度消费帮扶采购考核"

    @property
    def as_of_note(self) -> str:
        return f"截止日：{self.standing.as_of:%Y-%m-%d}　{UNIT_NOTE}"

    def counted_lines(self) -> QuerySet[PurchaseLine]:
        """Posted lines from paired regions up to the day: what the city's total counts, commerce less its overlap."""
        return PurchaseLine.objects.filter(
            posted=True,
            region__in=list(self.explainer.terms.pairings),
            purchase__date__year=self.year,
            purchase__date__lte=self.standing.as_of,
        )

    def rule(self, kind: str) -> RuleTerms:
        return self.standing.facts.rules[kind]


def yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else from_fen(fen)


def ratio(ten_thousandths: int | None) -> Decimal | None:
    """A standing's ratio as a number, four decimals."""
    return None if ten_thousandths is None else Decimal(ten_thousandths).scaleb(-4)
