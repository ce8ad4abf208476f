"""Drafts side by side: each with its forms, proposals and doubts. What is read is read for all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from procurement.checks import Doubt, Subject, doubts_of
from procurement.choices import PENDING, ReceiptKind
from procurement.complete import missing
from procurement.drawing import drawable
from procurement.editing import Head, Line, line_of
from procurement.forms.drafts import DraftForm, DraftLineForm, DraftsFill, RestForm
from procurement.forms.lines import Regions
from procurement.models import Purchase, PurchaseLine, Receipt, Region
from procurement.proposals import Memory, Proposals, proposals_of
from procurement.terms import Terms

LINES = 12
"""A draft of more lines is one row here; its lines are on its own page."""
HERE = frozenset({"channel", "use", "region_id", "holiday"})
"""What can be chosen on this page: that it is missing needs no sentence."""


@dataclass(slots=True)
class Sheet:
    """One draft. `outcome`: why it was not saved or not submitted just now."""

    subject: Subject
    proposals: Proposals
    form: DraftForm
    lines: list[DraftLineForm]
    rest: RestForm | None
    doubts: list[Doubt] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    outcome: str = ""

    @property
    def purchase(self) -> Purchase:
        return self.subject.purchase

    @property
    def stored(self) -> list[PurchaseLine]:
        return self.subject.lines

    @property
    def receipts(self) -> list[Receipt]:
        return self.subject.receipts

    @property
    def papers(self) -> list[tuple[Receipt, bool]]:
        """The receipts, each with whether its first page can be shown as a picture."""
        return [(each, each.file is not None and drawable(each.file.media_type)) for each in self.receipts]

    @property
    def reading(self) -> bool:
        return any(receipt.reading in PENDING for receipt in self.receipts)

    @property
    def forms(self) -> Iterator[Any]:
        yield self.form
        yield from self.lines
        if self.rest is not None:
            yield self.rest

    def is_valid(self) -> bool:
        """Every form is asked, so that every mistake is marked."""
        wrong = [form for form in self.forms if not form.is_valid()]
        return not wrong

    @property
    def touched(self) -> bool:
        return any(form.touched for form in self.forms)

    def head(self, fill: DraftsFill, *, picked: bool) -> Head:
        head = self.form.kept(picked=picked)
        return fill.head(head) if picked else head

    def kept(self, fill: DraftsFill, *, picked: bool) -> list[Line]:
        if self.rest is None:
            lines = [form.kept(picked=picked) for form in self.lines]
        else:
            lines = [self.rest.fill(line_of(line)) for line in self.stored]
        return [fill.fill(line) for line in lines] if picked else lines


@dataclass(slots=True)
class Sheets:
    """All that one page shows."""

    rows: list[Sheet]
    fill: DraftsFill

    @classmethod
    def of(cls, purchases: Sequence[Purchase], data: Any = None) -> Sheets:
        subjects = list(Subject.many(purchases))
        memory = Memory.of(purchases, [line for subject in subjects for line in subject.lines])
        places = _Places(subjects)
        rows = [_sheet(subject, memory, places, data) for subject in subjects]
        return cls(rows, DraftsFill(data, regions=places.of_year(timezone.localdate().year)))

    @property
    def proposed(self) -> int:
        return sum(sheet.proposals.count for sheet in self.rows)


class _Places:
    """The regions to choose from, by year, read once."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self.terms = subjects[0].known.terms if subjects else None
        self.regions = list(Region.objects.all()) if subjects else []
        self.years: dict[int, Regions] = {}

    def of_year(self, year: int) -> Regions:
        if year not in self.years:
            terms = self.terms.of(year) if self.terms else Terms(year)
            self.years[year] = Regions(terms, self.regions)
        return self.years[year]


def _sheet(subject: Subject, memory: Memory, places: _Places, data: Any) -> Sheet:
    purchase, lines = subject.purchase, subject.lines
    regions = places.of_year((purchase.date or timezone.localdate()).year)
    many, prefix = len(lines) > LINES, f"d{purchase.pk}"
    days = subject.terms.days if subject.terms else None
    proposals = proposals_of(purchase, [] if many else lines, memory, days)
    invoiced = any(receipt.kind == ReceiptKind.INVOICE for receipt in subject.receipts)
    sheet = Sheet(
        subject,
        proposals,
        form=DraftForm(data, purchase, proposals.channel, invoiced=invoiced),
        lines=[],
        rest=RestForm(data, prefix=f"{prefix}-all", regions=regions) if many else None,
        doubts=doubts_of(subject),
        gaps=[str(gap) for gap in missing(purchase, lines) if gap.field not in HERE],
    )
    if not many:
        for line in lines:
            hints = proposals.lines.get(line.position, {})
            sheet.lines.append(DraftLineForm(data, f"{prefix}-l{line.position}", line, hints, regions))
    return sheet
