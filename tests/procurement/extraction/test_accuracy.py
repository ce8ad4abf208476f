"""A few files of every kind are read as well as docs/extraction.md says of many."""

import re

import pytest

from benchmarks.extraction_accuracy import BEGIN, DOCUMENT, END
from tests.procurement.extraction.accuracy import CASES, FIELDS, Case, add, measure

ROWS = re.findall(
    r"^\| (?!files|---)(.+?) \|(.+)\|$",
    DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0],
    re.M,
)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.group == "text"], ids=lambda case: case.title
)
def test_a_text_layer_or_tags_are_read_without_a_fault(case: Case) -> None:
    score = add([measure(case, seed) for seed in range(1000, 1004)])
    assert score.silent == []
    assert {name: score.share(name) for name in FIELDS} == dict.fromkeys(FIELDS, 1.0)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.group == "code"], ids=lambda case: case.title
)
def test_a_picture_is_read_by_its_code_as_far_as_that_goes(case: Case) -> None:
    score = add([measure(case, seed) for seed in range(1000, 1002)])
    assert score.silent == []
    assert all(score.share(name) == 1.0 for name in case.expected)


def test_the_document_speaks_of_every_kind_of_file() -> None:
    assert [title for title, _ in ROWS] == [case.title for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_figures_in_the_document_are_as_good_as_promised(case: Case) -> None:
    cells = [cell.strip() for cell in dict(ROWS)[case.title].split("|")]
    shares = dict(zip(FIELDS, cells[1:], strict=False))
    least = 90.0 if case.group == "ocr" else 99.0
    needed = ("identity", "total") if case.group == "ocr" else case.expected
    assert int(cells[0]) >= 40
    assert all(float(shares[name].rstrip("%")) >= least for name in needed)
    assert cells[-1] == "0"
