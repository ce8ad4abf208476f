"""催办 of tasks by 市对口支援办 and 市商务局: a message to the people of the units that owe them, on record with unit and task."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives.kinds import KINDS
from initiatives.lights import light, today, with_day
from initiatives.models import Record
from initiatives.progress.owing import owed_of, who_owes
from initiatives.records import note_act
from units.messages import Reminded, remind
from units.models import Role, Unit
from units.scope import Scope
from units.trail_words import cut

MOST = 100
"""Tasks at once."""
TITLE = "请抓紧办理方案任务"
WORDING = "下列任务请抓紧办理，按期完成里程碑，并在系统中报送季度进展。如有疑问，请与我们联系。"


@dataclass(slots=True)
class Addressee:
    """A unit, and the tasks of which it is reminded, each in a line."""

    unit: Unit
    records: list[Record] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def may_remind(user: Any) -> bool:
    return user is None or Scope.of(user).has(Role.OVERSIGHT, Role.BUREAU)


def addressees(records: Iterable[Record], user: Any) -> list[Addressee]:
    """The units that owe the open ones among the tasks, but for the person's own. Six queries."""
    keys = [each.pk for each in records]
    rows = with_day(Record.objects.filter(pk__in=keys).select_related("unit"))
    open_ones = [each for each in rows.order_by("pk") if each.state == KINDS[each.kind].first]
    units, owed = who_owes(open_ones), owed_of(open_ones, today())
    others = {unit.pk for found in units.values() for unit in found}
    if user is not None:
        theirs = Scope.of(user).remindable().filter(pk__in=others, active=True)
        others = set(theirs.values_list("pk", flat=True))
    found: dict[int, Addressee] = {}
    for record in open_ones:
        lamp = light(record, KINDS[record.kind], today())
        why = [lamp.text] if lamp else []
        why += [owed[record.pk].text] if record.pk in owed else []
        line = f"· {cut(record.title, 60)}" + (f"（{'；'.join(why)}）" if why else "")
        for unit in units[record.pk]:
            if unit.pk in others:
                each = found.setdefault(unit.pk, Addressee(unit))
                each.records.append(record)
                each.lines.append(line)
    return sorted(found.values(), key=lambda each: each.unit.code)


def remind_tasks(records: Iterable[Record], *, by: Any, text: str) -> Reminded:
    """催办: one message to each clerk and head of the units that owe the tasks, with their tasks below the text.

    The trail has it for each unit (催报) and for each task. Refused where nobody else owes any of them.
    """
    if not may_remind(by):
        raise NotAllowed("只有市对口支援办和市商务局可以催办任务")
    found = addressees(records, by)
    if not found:
        raise Refused("所选的任务没有其他单位需要催办：已办结，或者就是本单位的任务")

    def note(units: list[Unit]) -> None:
        told = {unit.pk for unit in units}
        by_record: dict[int, tuple[Record, list[str]]] = {}
        for each in found:
            for record in each.records if each.unit.pk in told else ():
                by_record.setdefault(record.pk, (record, []))[1].append(each.unit.name)
        for record, names in by_record.values():
            note_act("催办任务", record, by, name=f"{'、'.join(names)}：{text.strip()}")

    lines = {each.unit.pk: each.lines for each in found}
    return remind([each.unit for each in found], by=by, title=TITLE, text=text, lines=lines, also=note)
