"""The exact comparisons, at the edges where one 分 decides."""

from __future__ import annotations

import pytest

from assessment.rules.standing import Status, ratio, reaches, share, shortfall, verdict
from tests.assessment.rules.small import unit


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (9999, 100_000, 999),
        (1, 3, 3333),
        (2, 3, 6666),
        (-1, 3, -3333),
        (-1, 100_000, 0),
        (0, 7, 0),
        (7, 7, 10_000),
    ],
)
def test_a_ratio_is_truncated_toward_zero(numerator: int, denominator: int, shown: int) -> None:
    assert ratio(numerator, denominator) == shown


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent", "met", "lacking"),
    [
        (3333333, 33333333, 1000, False, 1),
        (3333334, 33333333, 1000, True, 0),
        (999, 9999, 1000, False, 1),
        (1000, 9999, 1000, True, 0),
        (0, 10_000, 1550, False, 1550),
        (1549, 10_000, 1550, False, 1),
        (1550, 10_000, 1550, True, 0),
        (-500, 10_000, 1000, False, 1500),
        (0, 10_000, 0, True, 0),
        (-1, 10_000, 0, False, 1),
        (99_999, 10_000, 1000, True, 0),
    ],
)
def test_one_fen_decides(numerator: int, denominator: int, percent: int, met: bool, lacking: int) -> None:
    assert reaches(numerator, denominator, percent) is met
    assert shortfall(numerator, denominator, percent) == lacking
    assert reaches(numerator + lacking, denominator, percent)


def test_what_is_not_met_is_in_progress_until_the_year_is_over() -> None:
    assert verdict(True, closed=False) == verdict(True, closed=True) == Status.MET
    assert verdict(False, closed=False) == Status.IN_PROGRESS
    assert verdict(False, closed=True) == Status.NOT_MET


@pytest.mark.parametrize(
    ("denominator", "percent", "closed", "status", "shown", "gap"),
    [
        (None, 1000, False, "missing_base", None, None),
        (0, 1000, False, "not_applicable", None, None),
        (1000, None, False, "reported", 900, None),
        (1000, 1000, False, "in_progress", 900, 10),
        (1000, 1000, True, "not_met", 900, 10),
        (1000, 900, True, "met", 900, 0),
    ],
)
def test_a_share_says_what_it_rests_on(denominator, percent, closed, status, shown, gap) -> None:
    school = unit(1, "school")
    found = share(school, "r", 90, denominator, percent, closed=closed, clause="c", second=4)
    assert found == (school, "r", 90, denominator, shown, percent, status, gap, "c", 4)
