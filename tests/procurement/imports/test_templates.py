"""Import templates: the agreed columns to the letter, lists to choose from, one's own units, nothing newer than 2010."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook

from procurement.imports.kinds import KINDS, allowed
from procurement.imports.sheet import read
from procurement.imports.template import build
from procurement.tablefile.headers import SYNONYMS, TEMPLATES
from tests.factories import make_unit, make_user
from tests.workbooks import BASES, PURCHASES, UNITS
from units.models import Role, Unit
from units.scope import Scope

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def bureau():
    return make_user("bureau", Role.BUREAU, make_unit("D09", name="市商务局"))


def opened(kind: str, user):
    return load_workbook(io.BytesIO(build(KINDS[kind], user)))


@pytest.mark.parametrize(("kind", "columns"), [("units", UNITS), ("bases", BASES), ("purchases", PURCHASES)])
def test_the_columns_are_the_agreed_ones_to_the_letter(bureau, kind, columns) -> None:
    sheet = opened(kind, bureau).worksheets[0]
    assert tuple(cell.value for cell in sheet[1]) == columns


@pytest.mark.parametrize("slug", KINDS)
def test_a_template_is_read_as_its_own_kind_and_imports_nothing_by_itself(bureau, slug) -> None:
    kind = KINDS[slug]
    sheet = read(build(kind, bureau), kind.columns, kind.label)
    assert (sheet.rows, sheet.problems) == ([], [])
    assert sheet.notices == ["“示例”开头的示例行没有导入"]
    assert sheet.given == {column.name for column in kind.columns}


@pytest.mark.parametrize("slug", KINDS)
def test_every_column_is_explained_and_recognised(bureau, slug) -> None:
    kind = KINDS[slug]
    required = {column.name for column in kind.columns if column.required}
    names = {column.name for column in kind.columns}
    assert all(kind.hint(name) for name in names)
    assert (set(TEMPLATES[kind.label][0]), set().union(*TEMPLATES[kind.label])) == (required, names)
    assert names <= SYNONYMS.keys()
    words = [str(cell.value) for row in opened(slug, bureau)["填写说明"] for cell in row if cell.value]
    assert names <= set(words)


def test_closed_lists_can_only_be_chosen_from_and_units_are_offered_with_their_names(bureau) -> None:
    book = opened("purchases", bureau)
    sheet, options = book.worksheets[0], book["选项"]
    assert options.sheet_state == "hidden"
    rules = {
        str(rule.sqref).rstrip("0123456789:").split("2")[0]: rule
        for rule in sheet.data_validations.dataValidation
    }
    use = rules["F"]
    assert (use.type, use.showErrorMessage, use.formula1) == ("list", True, "选项!$F$1:$F$7")
    assert [options.cell(row, 6).value for row in range(1, 8)][:2] == ["食堂采购", "工会节日慰问"]
    units = [cell.value for cell in options["B"] if cell.value]
    assert "S01 实验中学" in units
    assert rules["B"].showErrorMessage is False, "a code alone may be typed"


def test_the_head_is_protected_and_the_cells_below_are_free(bureau) -> None:
    sheet = opened("bases", bureau).worksheets[0]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet["A1"].protection.locked
    assert not sheet["A2"].protection.locked
    assert not sheet.column_dimensions["D"].protection.locked
    assert sheet.freeze_panes == "A2"


def test_a_clerk_is_offered_the_own_unit_and_its_union_alone(bureau) -> None:
    clerk = make_user("clerk", Role.CLERK, Unit.objects.get(code="S01"))
    units = [cell.value for cell in opened("purchases", clerk)["选项"]["B"] if cell.value]
    assert units == ["G01 实验中学工会", "S01 实验中学"]
    assert [kind.slug for kind in allowed(Scope.of(clerk)) if kind.slug in KINDS] == ["purchases"]


def test_nothing_in_it_is_newer_than_excel_2010(bureau) -> None:
    """No function, no dynamic array, no part or namespace of a later Excel."""
    for slug in KINDS:
        with zipfile.ZipFile(io.BytesIO(build(KINDS[slug], bureau))) as archive:
            names = archive.namelist()
            assert not [name for name in names if "metadata" in name or "richData" in name]
            for name in names:
                if name.startswith("xl/worksheets/sheet"):
                    xml = archive.read(name)
                    assert b"<f>" not in xml
                    assert b"xr:" not in xml
                    assert b"x14" not in xml
