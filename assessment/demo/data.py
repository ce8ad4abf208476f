"""The demo's files in fixtures/: who takes part, what they declared, what was on the market."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from cixi_xiezuo.money import parse_yuan, to_fen
from units.kinds import ANSWERING, Affiliation, Kind

YEAR = 2021


def fixtures() -> Path:
    return Path(settings.BASE_DIR) / "fixtures"


def read(path: str) -> Any:
    return json.loads((fixtures() / path).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of the files; links are codes, "" for none."""

    code: str
    name: str
    kind: str
    uscc: str = ""
    supervisor: str = ""
    town: str = ""
    host: str = ""
    affiliation: str = ""
    duties: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a unit declared (as `YearBase`), and the plan its purchases of the year are invented by."""

    unit: str
    base: dict[str, Any]
    plan: dict[str, Any]

    def fen(self, name: str) -> int:
        """A declared amount in 分; 0 where there is none."""
        return to_fen(parse_yuan(self.base[name])) if name in self.base else 0

    def planned(self, use: str, of: int) -> int:
        """What the plan says to spend on a use, 分: a share of `of`, or an amount of its own."""
        if f"{use}_amount" in self.plan:
            return to_fen(parse_yuan(self.plan[f"{use}_amount"]))
        return int(of * Decimal(self.plan.get(use, "0")))


@dataclass(frozen=True, slots=True)
class Product:
    name: str
    goods: str
    measure: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Seller:
    """`taxed`: its invoices carry 9 % tax; those of a cooperative are free of it."""

    name: str
    uscc: str
    province: str
    taxed: bool
    channels: list[str]
    regions: list[str]


class World:
    """All of it, read once."""

    @cached_property
    def units(self) -> dict[str, UnitRow]:
        rows = read("units.json")["units"] + read("demo-2021/units.json")["units"]
        return {row["code"]: UnitRow(**row) for row in rows}

    @cached_property
    def declared(self) -> dict[str, Declared]:
        rows = read("demo-2021/year.json")["units"]
        return {row["unit"]: _declared(row) for row in rows}

    @cached_property
    def products(self) -> dict[str, list[Product]]:
        """By region."""
        return {
            region: [Product(**{**row, "price": parse_yuan(row["price"])}) for row in rows]
            for region, rows in read("demo-2021/market.json")["products"].items()
        }

    @cached_property
    def sellers(self) -> list[Seller]:
        return [Seller(**row) for row in read("demo-2021/market.json")["suppliers"]]

    def answers(self, code: str) -> str:
        """Who answers for what a unit buys, by its code; "" when nobody does. By the steps of docs/rules.md."""
        unit = self.units[code]
        unit = self.units[unit.host] if unit.host else unit
        if unit.kind in ANSWERING:
            return unit.code
        declared = self.declared.get(unit.code)
        if declared and declared.base.get("listed"):
            return ""
        if unit.affiliation == Affiliation.CITY:
            return unit.supervisor
        return unit.town or unit.supervisor

    def buyers(self, code: str, *kinds: Kind) -> list[str]:
        """The units of some kinds whose purchases a department or town answers for."""
        return [
            unit.code
            for unit in self.units.values()
            if unit.kind in kinds and self.answers(unit.code) == code
        ]


def _declared(row: dict[str, Any]) -> Declared:
    base = {name: value for name, value in row.items() if name not in ("unit", "plan")}
    return Declared(row["unit"], base, row.get("plan", {}))
