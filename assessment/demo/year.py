"""The whole demo year as invented purchases: always the same ones."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from assessment.demo.data import YEAR, World
from assessment.demo.plan import Planner
from assessment.demo.purchases import Buy
from assessment.demo.shopping import Shopper
from assessment.demo.unfinished import OWN, Rest
from procurement.choices import Status

PURCHASES = 1500
ORDINARY = 1380
SEED = 2021
PAPERS = 240
"""At least so many come with the e-invoice itself as a PDF."""


def purchases(world: World) -> list[Buy]:
    """1500 purchases, sorted by day and numbered by unit; a refund comes after its original."""
    rng = Random(SEED)  # noqa: S311 (invented data, not secrets)
    shopper = Shopper(world, rng)
    approved = [buy for row in Planner(world, ORDINARY).plan() for buy in shopper.buy(row)]
    rest = Rest(world, rng, approved).all(PURCHASES - len(approved))
    made = sorted(approved + rest, key=lambda buy: (buy.day, buy.unit))
    last: dict[str, int] = defaultdict(int)
    for buy in made:
        last[buy.unit] += 1
        buy.number = f"{YEAR}-{buy.unit}-{last[buy.unit]:04d}"
    _papers(made)
    return made


def _papers(made: list[Buy]) -> None:
    """The clerk's own come with their e-invoices, and some of everybody's."""
    for buy in made:
        if buy.unit in OWN and buy.invoice:
            buy.paper = buy.paper or "true"
    held = sum(bool(buy.paper) for buy in made)
    others = [buy for buy in made if buy.invoice and not buy.paper and buy.status == Status.APPROVED]
    for buy in others[:: max(1, len(others) // max(1, PAPERS - held))]:
        buy.paper = "true"
