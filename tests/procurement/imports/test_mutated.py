"""Workbooks gone wrong by the hundred: each is loaded whole or refused in sentences that say where, what and what to do."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from django.db import transaction

from cixi_xiezuo.errors import Refused
from procurement.imports import runs
from procurement.imports.kinds import KINDS
from procurement.imports.plan import Plan
from procurement.imports.report import Rejected
from procurement.imports.sheet import rows_of
from procurement.models import Import, Product, Purchase, PurchaseLine, Receipt, Supplier
from procurement.receipts import store
from procurement.tablefile.limits import TooMuch
from procurement.tablefile.read import read
from procurement.tablefile.run import read_table
from procurement.tablefile.table import Table, row_line
from procurement.tablefile.table import rows_of as travelled
from tests.amount import in_part
from tests.factories import make_unit, make_user
from tests.procurement.imports.mutated import GOOD, damaged, mutated, sheet_of, xlsx_of
from units.models import Role, RoleRequest, Unit, User, YearBase

EACH = in_part("mutated workbooks of each kind", 40, 125)  # a thousand in all
TABLES = (Unit, YearBase, Purchase, PurchaseLine, Receipt, Product, Supplier, User, RoleRequest)
REMEDY = re.compile("请|应|只|须|最多|不能|需|改|是否")


def table_of(data: bytes) -> Table:
    """As `read_table`, the lines written and read again, in this process."""
    try:
        table = read(data)
        lines = [row_line(*row).encode("utf-8", "replace") for row in table.rows]
        head = json.loads(json.dumps(table.head()))
    except TooMuch as refused:
        raise Refused(str(refused)) from refused
    return Table(**head, rows=travelled(lines))


def stored() -> list[list[tuple]]:
    return [list(model._default_manager.order_by("pk").values_list()) for model in TABLES]


@pytest.fixture
def shown(city) -> Import:
    """An import whose preview is kept in the database as the product keeps it."""
    owner = make_user("bureau", Role.BUREAU, make_unit("D09", name="市商务局"))
    return Import.objects.create(owner=owner, kind="units", file=store(b"x", runs.TABLE), name="表.xlsx")


def test_unchanged_they_are_all_loaded(city) -> None:
    for kind in GOOD:
        plan = planned(kind, xlsx_of([sheet_of(kind)]))
        assert not plan.wrong, plan.wrong
        plan.carry_out()


def planned(kind: str, data: bytes) -> Plan:
    sheet = rows_of(table_of(data), KINDS[kind].columns, KINDS[kind].label)
    return KINDS[kind].make_plan(sheet, by=None, options={})


@pytest.mark.parametrize("kind", GOOD)
def test_each_is_loaded_whole_or_refused_in_words_that_help(kind: str, shown: Import) -> None:
    before, loaded, wrong, refused = stored(), 0, 0, 0
    for seed in range(EACH):
        data = mutated(kind, seed)
        try:
            plan = planned(kind, data)
        except Refused as refusal:
            refused += in_words(refusal, seed)
            continue
        shown.preview = runs.preview(plan)
        shown.save()
        if plan.wrong:
            wrong += 1
            look_at(plan, seed, data)
            with pytest.raises(Rejected):
                plan.carry_out()
            assert stored() == before, seed
        else:
            loaded += 1
            carry_out_and_back(kind, plan, seed, data)
    assert stored() == before
    assert min(loaded, wrong, refused) > EACH / 13, (loaded, wrong, refused)


def in_words(refusal: Refused, seed: int) -> bool:
    assert REMEDY.search(str(refusal)), (seed, refusal)
    assert "\x00" not in str(refusal), (seed, refusal)
    return True


def look_at(plan: Plan, seed: int, data: bytes) -> None:
    """Row, column, value and remedy of every problem."""
    table = table_of(data)
    cells = dict(table.rows)
    for problem in plan.wrong:
        assert problem.row in cells, (seed, problem)
        assert problem.column, (seed, problem)
        assert REMEDY.search(problem.message), (seed, problem)
        assert len(str(problem)) < 600, (seed, problem)
        assert "\x00" not in str(problem), (seed, problem)


def carry_out_and_back(kind: str, plan: Plan, seed: int, data: bytes) -> None:
    """All of it is stored, and the same workbook again changes nothing; then it is undone."""
    with transaction.atomic():
        try:
            plan.carry_out()
        except Refused as refusal:
            in_words(refusal, seed)
        else:
            again = planned(kind, data)
            assert not again.wrong, (seed, again.wrong)
            assert (again.created, again.updated) == (0, 0), (seed, again.new, again.changed)
        transaction.set_rollback(True)


@pytest.mark.nodb
def test_a_damaged_file_is_read_or_refused_in_a_sentence() -> None:
    chance = random.Random(7)
    old = (Path(__file__).parent / "files" / "采购.xls").read_bytes()
    for number in range(16):
        whole = old if number % 4 == 3 else xlsx_of([sheet_of("purchases")])
        try:
            list(read_table(damaged(whole, chance)).rows)
        except Refused as refusal:
            in_words(refusal, number)
