"""Whole years: three workbooks in, the expected standings out, to the 分, for several as-of dates."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from assessment.explain import Explainer
from assessment.standing import YearStanding
from procurement import tallies
from units.models import Unit

CASES = Path(__file__).parent.parent / "cases"
pytestmark = pytest.mark.django_db


def load(case: str) -> list[dict]:
    folder = CASES / case
    call_command("load", "reference", stdout=io.StringIO())
    for what, name in (("units", "单位"), ("bases", "年度基数"), ("purchases", "采购")):
        call_command("load", what, str(folder / f"{name}.xlsx"), stdout=io.StringIO())
    return expected_of(case)


def expected_of(case: str) -> list[dict]:
    """The standings that a case must come to, one a date."""
    return json.loads((CASES / case / "expected.json").read_text())


def assess(year: int, as_of: str) -> dict:
    out = io.StringIO()
    call_command("assess", str(year), "--as-of", as_of, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_a_whole_year_stands_as_expected_on_every_date(case: str) -> None:
    for expected in load(case):
        assert assess(expected["year"], expected["as_of"]) == expected
    assert list(tallies.differences()) == []


@pytest.mark.parametrize("case", ["worked", "random-1"])
def test_every_figure_is_the_sum_of_the_lines_that_explain_it(case: str) -> None:
    units = {}
    for expected in load(case):
        standing = YearStanding.read(expected["year"], datetime.date.fromisoformat(expected["as_of"]))
        explainer = Explainer(standing)
        units = units or {unit.pk: unit for unit in Unit.objects.all()}
        assert explainer.city("city_total").sum_counted == standing.city_total.value
        assert explainer.city("dept_town_total").sum_counted == standing.dept_town_total.value
        for row in standing.responsible:
            assert explainer.responsible(units[row.unit.id]).sum_counted == row.attributed
        for each in standing.units:
            assert explainer.unit(each.rule, units[each.unit.id]).sum_counted == each.numerator


def test_loading_the_same_workbooks_again_changes_nothing() -> None:
    load("worked")
    out = io.StringIO()
    for what, name in (("units", "单位"), ("bases", "年度基数"), ("purchases", "采购")):
        call_command("load", what, str(CASES / "worked" / f"{name}.xlsx"), stdout=out)
    assert out.getvalue().splitlines() == [
        "单位: 新增 0, 更新 0, 未变 17",
        "年度基数: 新增 0, 更新 0, 未变 14",
        "采购: 新增 0, 更新 0, 未变 25",
    ]
