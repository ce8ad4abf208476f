"""A record in words: its own fields, its state, what happened to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from cixi_xiezuo.money import from_fen, yuan_display
from initiatives.amounts import Came
from initiatives.kinds import Field, Kind, Sort, State
from initiatives.lights import Light, day_of, light, today
from initiatives.models import Part, Record
from initiatives.progress.owing import Owed
from initiatives.records import subject_of
from procurement.history import DOWNLOADED, TAKEN
from units.kinds import PLACES
from units.models import Unit
from units.trail import Happened, recorded, told
from units.trail_words import cut, plain


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a list. `amount` in 分 (the year's, of one that lasts), `total` of it until then; `sort` where the
    kind has sorts, `promised` (分) where it promises an amount; `node`: the day its light goes by, where that is a
    milestone's or a sub-task's; `owed`: the reports that are missing."""

    record: Record
    state: State
    amount: int
    sort: str
    light: Light | None = None
    promised: int | None = None
    total: int = 0
    node: datetime.date | None = None
    owed: Owed | None = None

    @property
    def fulfilled(self) -> str:
        """How much of what was promised came: two places, cut off toward zero; "" where nothing was promised."""
        if not self.promised:
            return ""
        hundredths = abs(self.total) * 10_000 // self.promised
        sign = "-" if self.total < 0 and hundredths else ""
        return f"{sign}{hundredths // 100}.{hundredths % 100:02}%"

    @classmethod
    def of(cls, record: Record, kind: Kind, came: Came, owed: Owed | None = None) -> Row:
        found = light(record, kind, today())
        sort, promised = record.data.get("sort") or "", record.data.get("promised")
        day = day_of(record)
        node = day if found and day != record.ends else None
        state = kind.state(record.state)
        return cls(record, state, came.amount, sort, found, promised, came.total, node, owed)


def shown(record: Record, kind: Kind) -> list[tuple[str, str]]:
    """(label, value) of the kind's own fields that are filled in, and what they were before they changed."""
    found = []
    for each in kind.fields:
        if record.data.get(each.name) not in (None, ""):
            found.append((each.label, said(each, record.data[each.name])))
        past = [one for one in record.earlier if one["name"] == each.name]
        found += [(f"{each.label}（至 {one['until']}）", said(each, one["value"] or "—")) for one in past]
    return found


def parts_and_places(record: Record, *, places: bool) -> tuple[list[tuple[str, str]], list[str]]:
    """牵头, 责任 and 配合, each with the names of its units; where asked for, the names of all 镇、街道 and 管委会. One query."""
    mine = record.parts.order_by()
    wanted = Q(pk__in=mine.values("unit")) | (Q(kind__in=PLACES, active=True) if places else Q())
    part = Subquery(mine.filter(unit=OuterRef("pk")).values("part"))
    units: list[Any] = list(Unit.objects.filter(wanted).annotate(part=part).order_by("code"))
    named = {part: "、".join(unit.name for unit in units if unit.part == part.value) for part in Part}
    there = [unit.name for unit in units if unit.active and unit.kind in PLACES]
    return [(str(part.label), names) for part, names in named.items() if names], there if places else []


def said(field: Field, value: Any) -> str:
    return yuan_display(from_fen(value)) if field.sort is Sort.MONEY else str(value)


def events_of(record: Record) -> list[Happened]:
    """What was done to it, the latest first. One query."""
    return happened(record.unit.code, subject_of(record))


def happened(stream: str, subject: str) -> list[Happened]:
    """What the trail says of a record or a case, the latest first. Who took a file away is the auditor's to read."""
    rows = recorded(stream, [subject])
    return told([row for row in rows if row.action not in (DOWNLOADED, TAKEN)], notes)


def notes(detail: dict[str, Any]) -> Iterator[str]:
    """What a row of the trail says of a record or a case besides its action."""
    if detail.get("reason"):
        yield f"原因：{detail['reason']}"
    if detail.get("name"):
        yield str(detail["name"])
    for name, (before, after) in (detail.get("changes") or {}).items():
        yield cut(f"{name}：{plain(before)} → {plain(after)}", 200)
