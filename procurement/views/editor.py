"""The forms on a purchase's page, taken together: head, lines, the choices that fill lines, new files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from cixi_xiezuo.errors import Refused
from procurement.checks import Subject
from procurement.editing import Line, line_of
from procurement.forms.lines import BaseLines, FillForm, LineForm, LineFormSet, Regions, initial_lines
from procurement.forms.purchase import HeadForm, initial_head
from procurement.inbox import receive
from procurement.marks import Marks
from procurement.models import Purchase
from procurement.terms import Terms, TermsBook
from procurement.views.parts import ALL, Part
from units.models import Unit

BLANK_ROWS = 1


@dataclass(slots=True)
class Row:
    """One line's form with the sentences beside its fields."""

    form: LineForm
    position: int
    notes: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Editor:
    head: HeadForm
    lines: BaseLines
    fill: FillForm
    rows: list[Row]
    notes: Mapping[str, list[str]] = field(default_factory=dict)
    part: Part = ALL
    before: Sequence[Line] = ()
    after: Sequence[Line] = ()

    @classmethod
    def of(cls, subject: Subject, data: Any = None, part: str | None = None) -> Editor:
        """The form of a stored purchase; of its lines the part that is asked for."""
        purchase, lines = subject.purchase, subject.lines
        terms = subject.known.terms.of((purchase.date or timezone.localdate()).year)
        shown = Part.of(part, len(lines))
        start = initial_lines(lines[shown.shown])
        editor = cls._make(purchase.unit, terms, data, initial_head(purchase), start, shown)
        editor.before = [line_of(line) for line in lines[: shown.shown.start]]
        editor.after = [line_of(line) for line in lines[shown.shown.stop :]]
        return editor

    @classmethod
    def blank(cls, unit: Unit, data: Any = None, original: Purchase | None = None) -> Editor:
        head: dict[str, Any] = {"purchase_date": timezone.localdate()}
        lines: list[dict[str, Any]] = []
        year = timezone.localdate().year
        if original is not None:
            head = {**initial_head(original), "original": original.number, "note": ""}
            head |= {"invoice_date": None, "purchase_date": None}
            lines = initial_lines(original.lines.all(), sign=-1)
            year = original.date.year if original.date else year
        return cls._make(unit, TermsBook().of(year), data, head, lines)

    @classmethod
    def _make(
        cls,
        unit: Unit,
        terms: Terms,
        data: Any,
        head: dict[str, Any],
        lines: list[dict[str, Any]],
        part: Part = ALL,
    ) -> Editor:
        regions = Regions(terms)
        if data is not None and "add_line" in data:
            data = data.copy()
            data["lines-TOTAL_FORMS"] = str(int(data.get("lines-TOTAL_FORMS") or 0) + 1)
        formset = LineFormSet(data, initial=lines, prefix="lines", form_kwargs={"regions": regions})
        if data is None:
            formset.extra = 0 if lines else BLANK_ROWS
        return cls(
            head=HeadForm(data, initial=head, unit=unit),
            lines=cast("BaseLines", formset),
            fill=FillForm(data, regions=regions),
            rows=[Row(form, position) for position, form in enumerate(formset.forms, start=part.first)],
            part=part,
        )

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), self.lines.is_valid(), self.fill.is_valid()])

    def lines_to_keep(self) -> list[Line]:
        """All lines of the purchase, those of the other parts too; blank choices filled in every one."""
        before, after = ([self.fill.fill(line) for line in lines] for lines in (self.before, self.after))
        return [*before, *self.lines.lines(self.fill), *after]

    @property
    def elsewhere(self) -> Decimal:
        """Sum of the lines of the other parts, 元."""
        return sum((line.amount for line in (*self.before, *self.after)), Decimal("0.00"))

    def mark(self, marks: Marks) -> None:
        """Put what is missing or doubtful of the stored purchase beside its fields."""
        self.notes = dict(marks.head)
        for row in self.rows:
            row.notes = dict(marks.lines.get(row.position, {}))

    @staticmethod
    def attach(request: HttpRequest, purchase: Purchase) -> None:
        """Keep the files chosen beside the form; each refusal is told."""
        files = request.FILES.getlist("files")
        if not files:
            return
        try:
            outcomes = receive(files, purchase.unit, request.user, purchase=purchase)
        except Refused as refused:
            messages.error(request, str(refused))
            return
        for outcome in outcomes:
            if outcome.refusal:
                messages.error(request, f"“{outcome.name}”没有上传：{outcome.refusal}")
            elif outcome.known and outcome.receipt is not None:
                where = outcome.receipt.purchase or "票据收件箱"
                messages.warning(request, f"“{outcome.name}”已上传过，见 {where}")
