"""One town and the year's policy, which nearly every check looks at."""

import pytest

from procurement.checks import Doubt, Subject, doubts_of
from procurement.models import Purchase
from tests.factories import make_policy, make_unit
from units.kinds import Kind
from units.models import Unit


@pytest.fixture
def town(db) -> Unit:
    make_policy()
    return make_unit("T01", Kind.TOWN, "临江镇")


@pytest.fixture
def doubts():
    """The doubts of a purchase with one code."""

    def find(purchase: Purchase, code: str) -> list[Doubt]:
        return [doubt for doubt in doubts_of(Subject(purchase)) if doubt.code == code]

    return find
