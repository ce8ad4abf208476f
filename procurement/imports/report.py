"""What an import says: counts when it is done, every bad row when it is not."""

from __future__ import annotations

from dataclasses import dataclass, field

from cixi_xiezuo.errors import NotAllowed, Refused


@dataclass(frozen=True, slots=True)
class Problem:
    """Row as numbered in the sheet (0: the whole file), column, the value found, and what would be right."""

    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        if not self.row:
            return self.message
        where = f"第 {self.row} 行"
        if self.column:
            where += f"“{self.column}”"
        if self.value:
            where += f"（值：{self.value}）"
        return f"{where}：{self.message}"


@dataclass(slots=True)
class Report:
    label: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    notices: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.label}: 新增 {self.created}, 更新 {self.updated}, 未变 {self.unchanged}"


class Rejected(Refused):
    """The workbook has bad rows; nothing was stored."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.row)
        super().__init__("\n".join(map(str, self.problems)))


class Forbidden(Rejected, NotAllowed):
    """The rows are good, and the person may not load them; nothing was stored."""
