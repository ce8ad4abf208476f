"""A snapshot to read: its content as it was sealed, in the words of the pages; and two versions side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from assessment.models import RuleKind, Snapshot
from assessment.rules.standing import Status
from assessment.sealing import Path, between, digest
from assessment.words import STATUS
from cixi_xiezuo.money import yuan_display
from units.kinds import Canteen

MISSING = "—"
FIELDS = {
    "value": "已完成（元）",
    "attributed": "已完成（元）",
    "numerator": "已完成（元）",
    "threshold": "要求（元）",
    "target": "采购目标（元）",
    "denominator": "基数（元）",
    "ratio": "占比",
    "completion": "完成率",
    "status": "状态",
    "gap": "差额（元）",
    "rank": "名次",
    "direct": "直接采购（元）",
    "commerce": "商务帮扶（元）",
    "east_west": "东西部协作（元）",
    "mountain_sea": "山海协作（元）",
    "headcount": "人数",
    "canteen_budget": "食堂采购预算（元）",
    "holiday_gifts": "节日慰问品总额（元）",
    "assistance_base": "帮扶资金基数（元）",
    "listed": "宁波名单企业",
    "canteen": "食堂情况",
    "canteen_representative": "共用代表单位",
    "reserve_percent": "预留比例（%）",
}
"""Keys of the content in the order in which the pages show them."""
RATIOS = {"ratio", "completion"}
PLAIN = {"headcount", "rank", "canteen_representative", "reserve_percent"}


def said(key: str, value: Any) -> str:
    """A value of the content as a page shows it."""
    if value is None or value == "":
        return MISSING
    if key == "status":
        return STATUS.get(Status(value), str(value)) if value in list(Status) else str(value)
    if key == "canteen":
        return str(Canteen(value).label) if value in Canteen.values else str(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if key in RATIOS:
        return f"{Decimal(value) * 100:.2f}%"
    if key in FIELDS and key not in PLAIN:
        return yuan_display(Decimal(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list, tuple)) else str(value)


class Line(NamedTuple):
    """A line in play as it was sealed; units as they are shown."""

    name: str
    unit: str
    date: str
    amount: Decimal
    overlap: Decimal
    responsible: str

    @property
    def number(self) -> str:
        return self.name.rpartition("/")[0]

    @property
    def position(self) -> str:
        return self.name.rpartition("/")[2]


@dataclass
class Sealed:
    """A snapshot with its content read once. `names`: code → name, as far as units are to be shown by it."""

    snapshot: Snapshot
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.snapshot.content)
        return found

    @cached_property
    def whole(self) -> bool:
        """Whether the content is still what was sealed."""
        return digest(self.snapshot.content) == self.snapshot.digest

    @property
    def rows(self) -> list[list[Any]]:
        """The lines as they are kept, for `line`."""
        found: list[list[Any]] = self.content["lines"]
        return found

    def line(self, row: Iterable[Any]) -> Line:
        name, unit, day, amount, overlap, responsible = row
        answers = self.who(responsible) if responsible else MISSING
        return Line(name, self.who(unit), day, Decimal(amount), Decimal(overlap), answers)

    def who(self, code: str) -> str:
        return f"{self.names[code]}（{code}）" if code in self.names else code

    @property
    def rules(self) -> dict[str, Mapping[str, Any]]:
        return {row["kind"]: row for row in self.content["policy"]["rules"]}

    def title(self, rule: str) -> str:
        return str(self.rules.get(rule, {}).get("title") or RuleKind(rule).label)

    @property
    def city(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Title, and (label, value) of each of the city's figures."""
        for rule, figure in self.content["standing"]["city"].items():
            yield self.title(rule), [(FIELDS[key], said(key, figure[key])) for key in FIELDS if key in figure]

    @property
    def responsible(self) -> list[dict[str, Any]]:
        """Departments and towns by rank, those without one last; values ready to show beside the raw `status`."""
        rows = sorted(
            self.content["standing"]["responsible"],
            key=lambda row: (row["rank"] is None, row["rank"] or 0, row["unit"]),
        )
        return [self._shown(row) for row in rows]

    @property
    def units(self) -> list[dict[str, Any]]:
        rows = self.content["standing"]["units"]
        return [self._shown(row) | {"title": self.title(row["rule"])} for row in rows]

    @property
    def bases(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Unit, and (label, value) of what it declared."""
        for unit, base in self.content["bases"].items():
            told = [
                (FIELDS[key], said(key, base.get(key)))
                for key in FIELDS
                if base.get(key) not in (None, "", False)
            ]
            yield self.who(unit), told

    def _shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        values = {key: said(key, value) for key, value in row.items() if key in FIELDS}
        return {"unit": self.who(row["unit"]), "state": row["status"], **values}


class Difference(NamedTuple):
    """One value that two versions do not share. `unit` is "" for the city and the policy."""

    unit: str
    what: str
    before: str
    after: str


@dataclass
class Comparison:
    """What is different in the later version, by where it stands."""

    figures: list[Difference]
    bases: list[Difference]
    policy: list[Difference]
    came: list[Line]
    went: list[Line]
    changed: list[tuple[Line, Line]]

    def __bool__(self) -> bool:
        return any((self.figures, self.bases, self.policy, self.came, self.went, self.changed))


def compare(old: Sealed, new: Sealed) -> Comparison:
    found = Comparison([], [], [], [], [], [])
    for path, before, after in between(old.content, new.content):
        match path[0]:
            case "standing":
                found.figures += _figure(new, path, before, after)
            case "bases":
                found.bases += _values(new.who(path[1]), "", path[2:], before, after)
            case "policy":
                found.policy.append(Difference("", " / ".join(path[1:]), said("", before), said("", after)))
            case "lines":
                _line(found, new, path[1], before, after)
    return found


def _figure(sealed: Sealed, path: Path, before: Any, after: Any) -> Iterator[Difference]:
    """standing/city/RULE/KEY, standing/units/UNIT/RULE/KEY, standing/responsible/UNIT/KEY; whole rows too."""
    match path[1:]:
        case ("city", rule, *rest):
            yield from _values("", f"{sealed.title(rule)}：", rest, before, after)
        case ("units", unit, rule, *rest):
            yield from _values(sealed.who(unit), f"{sealed.title(rule)}：", rest, before, after)
        case ("responsible", unit, *rest):
            title = f"{sealed.title('dept_town_total')}（责任单位）"
            yield from _values(sealed.who(unit), f"{title}：", rest, before, after)
        case ("unattributed", *_):
            yield Difference("", "没有责任单位的采购", said("", before), said("", after))


def _values(unit: str, head: str, rest: Sequence[str], before: Any, after: Any) -> Iterator[Difference]:
    """One value, or all of a row that is in one version only."""
    if rest:
        key = rest[0]
        yield Difference(unit, head + FIELDS.get(key, key), said(key, before), said(key, after))
        return
    old, new = before or {}, after or {}
    for key in FIELDS:
        if (key in old or key in new) and old.get(key) != new.get(key):
            yield Difference(unit, head + FIELDS[key], said(key, old.get(key)), said(key, new.get(key)))


def _line(found: Comparison, sealed: Sealed, name: str, before: Any, after: Any) -> None:
    old = None if before is None else sealed.line([name, *before])
    new = None if after is None else sealed.line([name, *after])
    if old is None and new is not None:
        found.came.append(new)
    elif new is None and old is not None:
        found.went.append(old)
    elif old is not None and new is not None:
        found.changed.append((old, new))
