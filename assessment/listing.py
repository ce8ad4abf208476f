"""The parts of a figure gone through once: sums of all of them, and of those chosen the ones of a page."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assessment.explain import Part
from assessment.rules.reasons import Reason
from procurement.choices import Channel, Holiday, Use

COUNTED, EXCLUDED, ALL = "counted", "excluded", "all"
PARTS: dict[str, tuple[str, Callable[[Part], bool]]] = {
    "direct": ("直接采购", lambda part: part.line.use != Use.COMMERCE),
    "commerce": ("商务帮扶", lambda part: part.line.use == Use.COMMERCE),
    "east_west": ("东西部协作", lambda part: part.explainer.terms.east_west(part.line.region)),
    "mountain_sea": (
        "山海协作",
        lambda part: (
            part.explainer.terms.paired(part.line.region)
            and not part.explainer.terms.east_west(part.line.region)
        ),
    ),
}
"""The parts of the city's total: name, and whether a line belongs to it."""


def _channel(code: str) -> Callable[[Part], bool]:
    return lambda part: part.line.channel == code


def _holiday(code: str) -> Callable[[Part], bool]:
    return lambda part: part.line.holiday == code


PARTS |= {f"channel-{each.value}": (str(each.label), _channel(each.value)) for each in Channel}
PARTS |= {f"holiday-{each.value}": (str(each.label), _holiday(each.value)) for each in Holiday}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants to see. `show`: one of the three above, or a reason's code; `month` 1–12, 0 for all."""

    show: str = COUNTED
    part: str = ""
    region: str = ""
    month: int = 0

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Choice:
        """From an address's parameters; what makes no sense chooses nothing, an unknown month all of them."""
        month = asked.get("month", "")
        return cls(
            asked.get("show") or COUNTED,
            asked.get("part", ""),
            asked.get("region", ""),
            int(month) if month.isdecimal() and len(month) < 3 and 1 <= int(month) <= 12 else 0,
        )

    def takes(self, part: Part) -> bool:
        if self.show == COUNTED and part.reason is not None:
            return False
        if self.show == EXCLUDED and part.reason is None:
            return False
        if self.show not in (COUNTED, EXCLUDED, ALL) and part.reason != self.show:
            return False
        if self.part in PARTS and not PARTS[self.part][1](part):
            return False
        if self.region and part.line.region_code != self.region:
            return False
        return not self.month or _month(part) == self.month

    @property
    def narrowed(self) -> bool:
        return bool(self.part in PARTS or self.region or self.month)


def _month(part: Part) -> int:
    """The month in the figure's year; 0 for lines of other years or without a day."""
    day = part.line.date
    return day.month if day is not None and day.year == part.explainer.standing.year else 0


@dataclass(slots=True)
class Sum:
    """How many parts, and what they come to, 分."""

    count: int = 0
    amount: int = 0

    def add(self, part: Part) -> None:
        self.count += 1
        self.amount += part.amount


@dataclass(slots=True)
class Listing:
    """`counted`, `excluded`, `reasons`: over everything. `chosen`: what was asked for and may be seen.

    `hidden`: chosen lines of units that the person may not see; they are summed up, not listed.
    `regions`: code → name of the origins among the lines that may be seen. `rows`: the page's.
    """

    counted: Sum = field(default_factory=Sum)
    excluded: Sum = field(default_factory=Sum)
    reasons: dict[Reason, Sum] = field(default_factory=dict)
    chosen: Sum = field(default_factory=Sum)
    hidden: Sum = field(default_factory=Sum)
    regions: dict[str, str] = field(default_factory=dict)
    rows: list[Part] = field(default_factory=list)


def visible(part: Part, seen: set[int] | None) -> bool:
    return seen is None or part.line.unit in seen


def listed(parts: Iterable[Part], choice: Choice, seen: set[int] | None, number: int, size: int) -> Listing:
    """Page `number` (from 1) of `size` rows, the last one where there are not as many. `seen`: None for all units."""
    found, first = Listing(), (max(number, 1) - 1) * size
    last: deque[Part] = deque(maxlen=size)
    for part in parts:
        _count(found, part)
        if not visible(part, seen):
            if choice.takes(part):
                found.hidden.add(part)
            continue
        if part.line.region_code:
            found.regions[part.line.region_code] = part.line.region_name or ""
        if not choice.takes(part):
            continue
        if first <= found.chosen.count < first + size:
            found.rows.append(part)
        last.append(part)
        found.chosen.add(part)
    if not found.rows and last:
        rest = found.chosen.count % size or size
        found.rows = list(last)[-rest:]
    return found


def _count(found: Listing, part: Part) -> None:
    if part.reason is None:
        found.counted.add(part)
        return
    found.excluded.add(part)
    found.reasons.setdefault(part.reason, Sum()).add(part)


def chosen(parts: Iterable[Part], choice: Choice, seen: set[int] | None) -> Iterator[Part]:
    """All that was asked for and may be seen, one by one."""
    return (part for part in parts if visible(part, seen) and choice.takes(part))
