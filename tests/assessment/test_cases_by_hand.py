"""The same whole years, but typed in by clerks and decided by a reviewer, in an order of chance."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable
from decimal import Decimal

import pytest
from django.core.management import call_command

from procurement import tallies, workflow
from procurement.choices import Status
from procurement.editing import Head, Line, create_draft
from procurement.imports.purchases import COLUMNS
from procurement.imports.sheet import Row, read
from procurement.models import Purchase, Region
from tests.assessment.test_cases import CASES, assess, expected_of
from tests.factories import make_receipt, make_unit, make_user
from units.models import Role, Unit, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("case", "order"), [("worked", 1), ("worked", 2), ("random-1", 3)])
def test_a_whole_year_typed_in_and_reviewed_in_any_order_stands_as_expected(case: str, order: int) -> None:
    call_command("load", "reference", stdout=io.StringIO())
    for what, name in (("units", "单位"), ("bases", "年度基数")):
        call_command("load", what, str(CASES / case / f"{name}.xlsx"), stdout=io.StringIO())
    Typist(order).type_in((CASES / case / "采购.xlsx").read_bytes())
    for expected in expected_of(case):
        assert assess(expected["year"], expected["as_of"]) == expected
    assert list(tallies.differences()) == []


class Typist:
    """Clerks of every unit and one reviewer, who take the year's purchases as they come."""

    def __init__(self, order: int) -> None:
        self.chance = random.Random(order)
        self.clerks: dict[str, User] = {}
        self.reviewer = make_user("reviewer", Role.BUREAU, make_unit("OFFICE", "enterprise"))
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.regions = {region.name: region for region in Region.objects.all()}

    def type_in(self, workbook: bytes) -> None:
        """Drafts of all, then steps of any of them until each has the status that the workbook gives it."""
        rows, problems, *_ = read(workbook, COLUMNS, "采购")
        assert not problems
        purchases: dict[str, list[Row]] = {}
        for row in rows:
            purchases.setdefault(row.get("采购编号"), []).append(row)
        todo = {number: [self._draft, self._submit, self._decide] for number in purchases}
        done: set[str] = set()
        while todo:
            number = self.chance.choice(list(todo))
            original = purchases[number][0].get("原采购编号")
            if original and original not in done:
                continue
            todo[number].pop(0)(number, purchases[number])
            if not todo[number]:
                done.add(number)
                del todo[number]

    def _draft(self, number: str, rows: list[Row]) -> None:
        first = rows[0]
        original = Purchase.objects.filter(number=first.get("原采购编号") or "-").first()
        head = Head(
            purchase_date=first.get("采购日期"),
            supplier=first.get("供应商"),
            channel=first.get("采购渠道"),
            original=original,
        )
        unit = self.units[first.get("单位编码")]
        purchase = create_draft(unit, by=self._clerk(unit), head=head, lines=list(self._lines(rows)))
        Purchase.objects.filter(pk=purchase.pk).update(number=number)
        make_receipt(
            purchase, invoice_code=first.get("发票代码") or "", invoice_number=first.get("发票号码") or ""
        )

    def _lines(self, rows: Iterable[Row]) -> Iterable[Line]:
        for row in rows:
            yield Line(
                amount=row.get("金额"),
                product_name=row.get("产品名称"),
                quantity=row.get("数量"),
                measure=row.get("计量单位") or "",
                use=row.get("用途"),
                holiday=row.get("法定节日") or "",
                region=self.regions[row.get("产地")],
                overlap=row.get("其中已登记金额") or Decimal(0),
            )

    def _clerk(self, unit: Unit) -> User:
        if unit.code not in self.clerks:
            self.clerks[unit.code] = make_user(f"clerk-{unit.code}", Role.CLERK, unit)
        return User.objects.get(pk=self.clerks[unit.code].pk)

    def _submit(self, number: str, rows: list[Row]) -> None:
        if rows[0].get("状态") != Status.DRAFT:
            purchase = Purchase.objects.get(number=number)
            workflow.submit(purchase, by=self._clerk(purchase.unit), version=purchase.version)

    def _decide(self, number: str, rows: list[Row]) -> None:
        purchase, status = Purchase.objects.get(number=number), rows[0].get("状态")
        if status == Status.APPROVED:
            workflow.approve(purchase, by=self.reviewer, version=purchase.version)
        elif status == Status.RETURNED:
            workflow.send_back(purchase, by=self.reviewer, reason="请补充")
