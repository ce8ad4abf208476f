"""Finding the unit that a cell names: by its code, or by code and name as the templates offer them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from procurement.imports.report import Problem
from units.models import Unit

MISSING = "没有这个编码的单位"


class Units:
    """Units by code: those given, or all there are."""

    def __init__(self, units: Iterable[Unit] | None = None) -> None:
        every = Unit.objects.all() if units is None else units
        self.by_code: dict[str, Unit] = {unit.code: unit for unit in every}
        self._names: Mapping[str, str] | None = None

    def find(
        self, row: int, column: str, text: str | None, hint: str = "请先导入单位或核对编码"
    ) -> tuple[Unit | None, list[Problem]]:
        """The unit, or what is wrong; neither for a blank cell."""
        if not text:
            return None, []
        unit = self.by_code.get(text)
        if unit is not None:
            return unit, []
        code, _, name = text.partition(" ")
        unit, name = self.by_code.get(code), name.strip()
        if unit is not None and name == unit.name:
            return unit, []
        if unit is not None and name:
            return None, [Problem(row, column, text, f"编码 {code} 是“{unit.name}”，与所填名称不符，请核对")]
        return None, [Problem(row, column, text, f"{MISSING}，{self._hint(text) or hint}")]

    def _hint(self, text: str) -> str:
        if self._names is None:
            self._names = {unit.name: unit.code for unit in self.by_code.values()}
        code = self._names.get(text)
        return f"填的是单位名称，应填编码 {code}" if code else ""
