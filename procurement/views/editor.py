"""The forms on a purchase's page, taken together: head, lines, the choices that fill lines, new files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from cixi_xiezuo.errors import Refused
from procurement.checks import Subject
from procurement.editing import Head, Line, line_of
from procurement.forms.lines import BaseLines, FillForm, LineForm, LineFormSet, Regions, initial_lines
from procurement.forms.purchase import HeadForm, initial_head
from procurement.inbox import receive
from procurement.marks import Marks
from procurement.models import Purchase, PurchaseLine
from procurement.proposals import Hint, Memory, Proposals, proposals_of
from procurement.terms import Terms, TermsBook
from procurement.views.parts import ALL, Part
from units.models import Unit

BLANK_ROWS = 1
AGAIN = frozenset({"add_line", "same_line"})
"""Buttons that only bring the form again, with something put into it."""


@dataclass(slots=True)
class Row:
    """One line's form with the sentences beside its fields, and what is proposed for the blank ones."""

    form: LineForm
    position: int
    notes: Mapping[str, list[str]] = field(default_factory=dict)
    hints: Mapping[str, Hint] = field(default_factory=dict)

    @property
    def proposed(self) -> dict[str, str]:
        """Field → the proposal in words."""
        return {name: _words(self.form.fields[name], hint) for name, hint in self.hints.items()}

    def line(self, *, accept: bool) -> Line:
        values = dict(self.form.cleaned_data)
        for name, hint in self.hints.items() if accept else ():
            proposed = self.form.regions.by_pk.get(hint.value) if name == "region" else hint.value
            values[name] = values[name] or proposed
        return self.form.line(values)


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
    proposals: Proposals = field(default_factory=Proposals)

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
        editor.propose(purchase, lines[shown.shown], terms)
        return editor

    def propose(self, purchase: Purchase, lines: Sequence[PurchaseLine], terms: Terms) -> None:
        """For what is blank in the stored purchase. One query, and none where nothing is."""
        if purchase.channel and all(line.use and line.region_id for line in lines):
            return
        regions = self.rows[0].form.regions.by_pk.values() if self.rows else ()
        memory = Memory.of([purchase], lines, regions)
        self.proposals = proposals_of(purchase, lines, memory, terms.days)
        for row in self.rows:
            row.hints = self.proposals.lines.get(row.position, {})

    @property
    def proposed_channel(self) -> str:
        hint = self.proposals.channel
        return _words(self.head.fields["channel"], hint) if hint else ""

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
        if data is not None and "same_line" in data:
            data = _as_above(data, data["same_line"])
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

    def head_to_keep(self, *, accept: bool = False) -> Head:
        head, hint = self.head.head(), self.proposals.channel
        return replace(head, channel=head.channel or hint.value) if accept and hint else head

    def lines_to_keep(self, *, accept: bool = False) -> list[Line]:
        """All lines of the purchase, those of the other parts too; blank choices filled in every one.

        `accept`: what is proposed on the page is taken where nothing else was chosen.
        """
        kept = self.lines.kept()
        lines = [row.line(accept=accept) for row in self.rows if row.form in kept]
        return [self.fill.fill(line) for line in (*self.before, *lines, *self.after)]

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


def _words(select: Any, hint: Hint) -> str:
    """As in: 昭觉县（本单位 2021-06-01 买“粳米”）."""
    labels: dict[str, str] = {}
    for value, label in select.choices:
        labels |= {str(key): text for key, text in label} if isinstance(label, list) else {str(value): label}
    return f"{labels.get(hint.value, hint.value)}（{hint.why}）"


def _as_above(data: Any, asked: str) -> Any:
    """The posted values with 同上 done for one line: use, origin and holiday of the last line before it that stays."""
    copied, index = data.copy(), asked.removeprefix("lines-")
    earlier = range(int(index) - 1, -1, -1) if index.isdecimal() and len(index) < 6 else ()
    above = next((f"lines-{each}" for each in earlier if f"lines-{each}-DELETE" not in data), None)
    for name in ("use", "region", "holiday") if above else ():
        copied[f"{asked}-{name}"] = data.get(f"{above}-{name}", "")
    return copied
