"""Whatever happens, in whatever order: sums = recomputation = Σ explain = a second implementation."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessment import jsonform, sealing
from assessment.explain import Explainer
from assessment.standing import YearStanding
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.money import from_fen, to_fen
from procurement import moves, tallies, workflow
from procurement.choices import Channel, Holiday, ReceiptKind, Status, Use
from procurement.models import Purchase, PurchaseLine, Receipt, Supplier
from tests.amount import in_part
from tests.assessment import plain_rules
from tests.assessment.years import REGIONS
from tests.factories import make_policy, make_region, make_unit
from units import bases
from units.kinds import Kind
from units.models import Unit, YearBase

pytestmark = pytest.mark.django_db
SEQUENCES = in_part("sequences of events", 60, 200)
AS_OF = datetime.date(2022, 1, 15)
amounts = st.integers(1, 500_000)
lines = st.tuples(
    st.sampled_from(list(Use.values)),
    st.sampled_from(list(Holiday.values)),
    st.sampled_from(list(REGIONS)),
    amounts,
    st.floats(0, 1),
)


class Year(RuleBasedStateMachine):
    """One small city through a year; a refusal is as good as a change, as long as everything still adds up."""

    drafts = Bundle("drafts")

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.count = 0
        self.frozen: str | None = None

    def teardown(self) -> None:
        try:
            if hasattr(self, "regions"):
                self.standings_agree_with_plain_loops_and_with_their_explanation()
        finally:
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)

    @initialize()
    def city(self) -> None:
        make_policy()
        department, town = make_unit("D1"), make_unit("T1", Kind.TOWN)
        make_unit("T2", Kind.SUBDISTRICT)
        school = make_unit("S1", Kind.SCHOOL, supervisor=department, town=town, affiliation="town")
        make_unit("E1", Kind.ENTERPRISE, town=town)
        make_unit("F1", Kind.FINANCIAL)
        make_unit("G1", Kind.UNION, host=school)
        self.regions = {name: make_region(name) for name in REGIONS}
        self.supplier = Supplier.objects.create(name="凉山合作社")

    def attempt(self, verb: Any, *args: Any, **options: Any) -> None:
        """A verb either does its work or raises Refused and leaves nothing behind."""
        try:
            with transaction.atomic():
                verb(*args, by=None, **options)
        except Refused:
            pass

    def unit(self, code: str) -> Unit:
        return Unit.objects.get(code=code)

    def record(self, code: str, day: int, rows: list[Any], sign: int = 1, original: Any = None) -> str:
        self.count += 1
        date = datetime.date(2021, 1, 1) + datetime.timedelta(days=day)
        purchase = Purchase.objects.create(
            number=f"P{self.count:04d}",
            unit=self.unit(code),
            purchase_date=date,
            date=date,
            supplier=self.supplier,
            channel=Channel.PLATFORM_832 if day % 2 else Channel.DIRECT,
            original=original,
        )
        for position, (use, holiday, region, amount, part) in enumerate(rows, start=1):
            PurchaseLine.objects.create(
                purchase=purchase,
                position=position,
                use=use,
                holiday=holiday if use == Use.UNION_HOLIDAY else "",
                region=self.regions[region],
                product_name="土豆",
                amount=from_fen(sign * amount),
                overlap=from_fen(sign * int(amount * part) if use == Use.COMMERCE else 0),
            )
        Receipt.objects.create(unit=purchase.unit, purchase=purchase, kind=ReceiptKind.CONTRACT)
        return purchase.number

    @rule(
        target=drafts,
        code=st.sampled_from(["D1", "T1", "S1", "E1", "F1", "G1"]),
        day=st.integers(-5, 372),
        rows=st.lists(lines, min_size=1, max_size=3),
    )
    def buy(self, code: str, day: int, rows: list[Any]) -> str:
        number = self.record(code, day, rows)
        self.attempt(workflow.submit, Purchase.objects.get(number=number))
        return number

    @rule(number=drafts)
    def submit(self, number: str) -> None:
        self.attempt(workflow.submit, Purchase.objects.get(number=number))

    @rule(number=drafts)
    def send_back(self, number: str) -> None:
        self.attempt(workflow.send_back, Purchase.objects.get(number=number), reason="请补票据")

    @rule(number=drafts, share=st.sampled_from([1, 1, 1, 0.5]))
    def approve(self, number: str, share: float) -> None:
        purchase = Purchase.objects.get(number=number)
        less = {
            line.pk: workflow.Recognition(
                max(line.overlap, from_fen(int(to_fen(line.amount) * share))), "部分与帮扶无关"
            )
            for line in purchase.lines.all()
            if line.amount > 0
        }
        self.attempt(workflow.approve, purchase, recognised=less)

    @rule(number=drafts)
    def revoke(self, number: str) -> None:
        self.attempt(workflow.revoke, Purchase.objects.get(number=number), reason="重复")

    @rule(target=drafts, number=drafts, day=st.integers(0, 364), row=lines)
    def refund(self, number: str, day: int, row: Any) -> str:
        original = Purchase.objects.get(number=number)
        refund = self.record(original.unit.code, day, [row], sign=-1, original=original)
        self.attempt(workflow.submit, Purchase.objects.get(number=refund))
        self.attempt(workflow.approve, Purchase.objects.get(number=refund))
        return refund

    @rule(
        code=st.sampled_from(["D1", "T1", "S1", "E1", "F1", "G1"]),
        amount=st.none() | st.integers(0, 2_000_000),
        headcount=st.none() | st.integers(0, 5),
        listed=st.booleans(),
        canteen=st.sampled_from(["", "own", "none", "shared"]),
        confirm=st.booleans(),
    )
    def declare(
        self, code: str, amount: Any, headcount: Any, listed: bool, canteen: str, confirm: bool
    ) -> None:
        money = None if amount is None else from_fen(amount)
        base = YearBase.objects.filter(unit__code=code, year=2021).first()
        if base is not None:
            self.attempt(bases.return_base, base, reason="重填")
        self.attempt(
            bases.file_base,
            self.unit(code),
            2021,
            canteen_budget=money,
            holiday_gifts=money,
            target=money,
            assistance_base=money,
            headcount=headcount,
            listed=listed and code == "E1",
            canteen=canteen,
            canteen_representative_id=self.unit("D1" if code != "D1" else "T1").pk,
        )
        if confirm and (base := YearBase.objects.filter(unit__code=code, year=2021).first()) is not None:
            self.attempt(bases.confirm_base, base)

    @rule(
        code=st.sampled_from(["S1", "E1", "F1"]),
        town=st.sampled_from([None, "T1", "T2"]),
        supervisor=st.sampled_from([None, "D1"]),
        affiliation=st.sampled_from(["", "city", "town"]),
        name=st.sampled_from(["甲", "乙"]),
    )
    def move(self, code: str, town: Any, supervisor: Any, affiliation: str, name: str) -> None:
        self.attempt(
            moves.change_unit,
            self.unit(code),
            town=self.unit(town) if town else None,
            supervisor=self.unit(supervisor) if supervisor else None,
            affiliation=affiliation,
            name=name,
        )

    @rule()
    def rebuild(self) -> None:
        tallies.rebuild()

    @precondition(lambda self: self.frozen is None)
    @rule()
    def lock(self) -> None:
        self.attempt(sealing.lock, 2021, leaving=sealing.waiting(2021))
        self.frozen = self.figures()

    @precondition(lambda self: self.frozen is not None)
    @rule()
    def open(self) -> None:
        opening = sealing.ask_to_open(2021, by=None, reason="更正")
        sealing.decide_opening(opening, by=None, granted=True)
        self.frozen = None

    def figures(self) -> str:
        return sealing.canonical(jsonform.year(YearStanding.read(2021, AS_OF)))

    @invariant()
    def sums_are_what_the_lines_add_up_to(self) -> None:
        if not hasattr(self, "regions"):
            return
        assert list(tallies.differences()) == []

    @invariant()
    def a_locked_year_never_changes(self) -> None:
        if self.frozen is not None:
            assert self.figures() == self.frozen
            assert list(sealing.broken_snapshots()) == []

    def standings_agree_with_plain_loops_and_with_their_explanation(self) -> None:
        standing = YearStanding.read(2021, AS_OF)
        units = {unit.pk: unit for unit in Unit.objects.all()}
        assert jsonform.year(standing) == plain_rules.assess(2021, AS_OF, *plain_facts(units), REGIONS)
        explainer = Explainer(standing)
        everything = explainer.city("city_total")
        assert everything.sum_counted == standing.city_total.value
        recorded = sum(to_fen(line.figure) for line in PurchaseLine.objects.all())
        assert everything.sum_counted + sum(part.amount for part in everything.excluded) == recorded
        assert explainer.city("dept_town_total").sum_counted == standing.dept_town_total.value
        for each in standing.units:
            assert explainer.unit(each.rule, units[each.unit.id]).sum_counted == each.numerator
        for row in standing.responsible:
            assert explainer.responsible(units[row.unit.id]).sum_counted == row.attributed


def plain_facts(units: dict[int, Unit]) -> tuple[dict, dict, list]:
    code = {pk: unit.code for pk, unit in units.items()} | {None: None}
    plain_units = {
        unit.code: {
            "kind": unit.kind,
            "supervisor": code[unit.supervisor_id],
            "town": code[unit.town_id],
            "host": code[unit.host_id],
            "affiliation": unit.affiliation,
        }
        for unit in units.values()
    }

    def fen(value: Decimal | None) -> int | None:
        return None if value is None else to_fen(value)

    plain_bases = {
        code[base.unit_id]: {
            "headcount": base.headcount,
            "canteen_budget": fen(base.canteen_budget),
            "holiday_gifts": fen(base.holiday_gifts),
            "target": fen(base.target),
            "assistance_base": fen(base.assistance_base),
            "listed": base.listed,
            "canteen": base.canteen,
            "representative": code[base.canteen_representative_id],
            "reserve": base.reserve_percent,
        }
        for base in YearBase.objects.filter(year=2021, status="confirmed")
    }
    rows = [
        {
            "purchase": line.purchase.number,
            "unit": code[line.purchase.unit_id],
            "status": line.purchase.status,
            "date": line.purchase.date,
            "channel": line.purchase.channel,
            "use": line.use,
            "region": line.region.name,
            "amount": to_fen(line.figure),
            "overlap": to_fen(line.overlap),
        }
        for line in PurchaseLine.objects.select_related("purchase", "region")
    ]
    return plain_units, plain_bases, rows


@pytest.mark.parametrize("half", [1, 2])
def test_any_sequence_of_events_leaves_every_figure_exact(half: int) -> None:
    """In two halves that can run side by side; half as many again on PostgreSQL."""
    run_state_machine_as_test(
        Year,
        settings=settings(
            max_examples=SEQUENCES // (2 if connection.vendor == "sqlite" else 4),
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def test_an_approved_purchase_is_in_the_figures_at_once() -> None:
    """The machine above would also pass if nothing ever counted: this one says that something does."""
    machine = Year()
    try:
        machine.city()
        number = machine.record("T1", 30, [(Use.OFFICE, "", "布拖县", 12345, 0)])
        workflow.submit(Purchase.objects.get(number=number), by=None)
        assert YearStanding.read(2021, AS_OF).city_total.value == 0
        workflow.approve(Purchase.objects.get(number=number), by=None)
        assert YearStanding.read(2021, AS_OF).city_total.value == 12345
        assert Purchase.objects.get(number=number).status == Status.APPROVED
    finally:
        machine.teardown()
