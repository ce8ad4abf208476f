"""docs/standards.md answers every requirement of the two standards once, and names only tests that are there."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.services import ROOT

pytestmark = pytest.mark.nodb
TEXT = (ROOT / "docs" / "standards.md").read_text()
ROWS = re.findall(r"^\| ([\d.a-e, ]+) \| (\w+) \| (.*) \|$", TEXT, re.MULTILINE)
ASVS = {  # section → how many requirements of levels 1 and 2 it has, or which
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6,
    "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 11,
    "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2,
    "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1,
    "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
DENGBAO = {
    "1": "abc",
    "2": "abcd",
    "3": "abc",
    "4": "abcde",
    "5": "",
    "6": "",
    "7": "",
    "8": "ab",
    "9": "",
    "10": "ab",
}
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TEXT)))


def test_every_requirement_is_answered_once() -> None:
    asked = [f"{section}.{number}" for section, count in ASVS.items() for number in range(1, count + 1)]
    asked += [f"7.1.4.{point} {letter}" for point, letters in DENGBAO.items() for letter in letters]
    asked += [f"7.1.4.{point}" for point, letters in DENGBAO.items() if not letters]
    answered = Counter(number for numbers, _, _ in ROWS for number in numbers.split(", "))
    assert sorted(answered.elements()) == sorted(asked)


def test_what_is_said_to_be_shown_names_a_test_and_every_other_answer_says_why() -> None:
    assert {answer for _, answer, _ in ROWS} == {"shown", "design", "setting", "operator", "none", "open"}
    assert [numbers for numbers, answer, how in ROWS if answer == "shown" and "::test_" not in how] == []
    assert [numbers for numbers, answer, how in ROWS if answer != "shown" and how.startswith("`tests/")] == []


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_is_there(path: str, name: str) -> None:
    assert re.search(rf"^\s*def {name}\(", (ROOT / path).read_text(), re.MULTILINE)
