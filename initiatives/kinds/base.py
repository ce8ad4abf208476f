"""What a kind of record is: its clause, its own fields, its states and the verbs between them."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Sort(enum.Enum):
    """How a field is typed in and kept in `Record.data`: text, one of `choices`, a whole number, a day (ISO), 分,
    the name of a 镇、街道 or 管委会."""

    TEXT = "text"
    CHOICE = "choice"
    COUNT = "count"
    DAY = "day"
    MONEY = "money"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    sort: Sort = Sort.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""
    dated: bool = False
    """May it change from a day on, in a kind that lasts? Then what it was before is kept."""
    today: bool = False
    """Does it say how things stand today? Then a closed year does not hold it."""


@dataclass(frozen=True, slots=True)
class State:
    """`badge`: a state of cixi_xiezuo/templatetags/states.py whose colour and icon it takes."""

    name: str
    label: str
    badge: str


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    label: str
    source: tuple[str, ...]
    target: str
    reason: bool = False
    cuts: bool = False
    """Does it end what lasts, on a day that is asked for? Others only give an end to what has none."""


OPEN = State("open", "进行中", "in_progress")
DONE = State("done", "已完成", "met")
CANCELLED = State("cancelled", "已取消", "void")
PLAIN = (OPEN, DONE, CANCELLED)
PLAIN_VERBS = (
    Verb("finish", "完成", ("open",), "done"),
    Verb("resume", "重新进行", ("done", "cancelled"), "open", reason=True),
    Verb("cancel", "取消", ("open",), "cancelled", reason=True),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record. The first of `states` is where a new one begins."""

    slug: str
    title: str
    clause: str
    about: str
    fields: tuple[Field, ...] = ()
    states: tuple[State, ...] = PLAIN
    verbs: tuple[Verb, ...] = PLAIN_VERBS
    icon: str = "clipboard-list"
    due: bool = False
    """Is `ends` a day by which something must be done? Then open records have a light and those near it are 待办."""
    lasting: bool = False
    """Does it belong to each year from its start to its end (`lasting`), not only to the one that it begins in?"""
    broken_down: bool = False
    """Has it sub-tasks and milestones, and may each of its 牵头 units change it as its own unit can?"""
    words: dict[str, str] = field(default_factory=dict)
    """Other labels for the common fields: title, starts, ends, region, note."""

    @property
    def first(self) -> str:
        """The name of the state in which it is open."""
        return self.states[0].name

    def state(self, name: str) -> State:
        return next((state for state in self.states if state.name == name), self.states[0])

    def word(self, name: str, common: str) -> str:
        return self.words.get(name, common)

    def verb(self, name: str) -> Verb | None:
        return next((verb for verb in self.verbs if verb.name == name), None)
