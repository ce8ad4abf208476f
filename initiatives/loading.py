"""A workbook of records → what it would make and change, then that. All or nothing; the trail has one entry of the
whole, and one of each record that its page shows.

A row is the whole truth of its record; columns left out are kept. A record is known by its unit, name and first day: the
same workbook again changes nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from cixi_xiezuo import audit
from cixi_xiezuo.money import from_fen, to_fen
from initiatives import lasting, rights
from initiatives.kinds import Field, Kind, Sort
from initiatives.models import Part, Record
from initiatives.records import Content, note_act, put
from procurement.imports.alone import locking
from procurement.imports.lookup import Units
from procurement.imports.plan import Plan, shown
from procurement.imports.report import Problem
from procurement.imports.sheet import Read, Row, Tell
from procurement.imports.years import Years
from procurement.models import Region
from units.codes import plain
from units.kinds import PLACES
from units.models import Unit

TITLE, REGION, NOTE = "title", "region", "note"
PARTS = {f"part_{part.value}": f"{part.label}单位" for part in Part}
"""Column by what it fills."""
Key = tuple[int, str, datetime.date]


@dataclass(slots=True)
class Entry:
    """A record as a row would have it. `before`: its cells as they stand, by column; none for a new one."""

    record: Record
    content: Content
    before: dict[str, str]


class Known:
    """What rows name, and the records that there are. Six queries."""

    def __init__(self, kind: Kind) -> None:
        self.units, self.years = Units(), Years()
        self.regions = {region.name: region for region in Region.objects.all()}
        self.by_name: dict[str, list[Unit]] = {}
        for unit in self.units.by_code.values():
            self.by_name.setdefault(unit.name, []).append(unit)
        rows = Record.objects.filter(kind=kind.slug).select_related("region", "unit")
        self.records: dict[Key, list[Record]] = {}
        for record in locking(rows).prefetch_related("parts__unit"):
            self.records.setdefault((record.unit_id, record.title, record.starts), []).append(record)

    def named(self, word: str) -> list[Unit]:
        """Units of a code, of a name, or of both as lists offer them."""
        found = self.units.by_code.get(word)
        if found is None and " " in word:
            code, _, name = word.partition(" ")
            found = self.units.by_code.get(code)
            found = found if found is not None and found.name == name.strip() else None
        return [found] if found is not None else self.by_name.get(word, [])


def plan_records(kind: Kind, heads: Mapping[str, str], sheet: Read, *, by: Any) -> Plan:
    """`heads`: column by what it fills. A person without an office for a row's unit has no right to it."""
    plan = Plan(kind.title, notices=list(sheet.notices), problems=list(sheet.problems))
    known, wrong = Known(kind), {problem.row for problem in sheet.problems}
    seen: dict[Key, int] = {}
    entries: list[Entry] = []
    for row in sheet.rows:
        if row.number in wrong:
            continue
        entry, problems = _entry(kind, heads, sheet, row, known, seen)
        plan.problems += problems
        if entry is None or problems:
            continue
        if not rights.may_record(by, entry.record.unit):
            words = "只能登记您经办的单位及其工会，请核对"
            plan.forbidden.append(Problem(row.number, "单位编码", entry.record.unit.code, words))
        elif _compare(plan, kind, heads, row, entry, known):
            entries.append(entry)
    plan.store = partial(_store, kind, heads, entries, by=by)
    return plan


def _entry(
    kind: Kind, heads: Mapping[str, str], sheet: Read, row: Row, known: Known, seen: dict[Key, int]
) -> tuple[Entry | None, list[Problem]]:
    unit, problems = known.units.find(row.number, "单位编码", row.get("单位编码"))
    if unit is None:
        return None, problems
    said = row.get("单位名称")
    if said and said != unit.name:
        words = f"编码 {unit.code} 是“{unit.name}”，与所填名称不符，请核对"
        problems.append(Problem(row.number, "单位名称", said, words))
    title, starts, ends = (row.get(heads[name]) for name in (TITLE, "starts", "ends"))
    key = (unit.pk, title, starts)
    if key in seen:
        words = f"与第 {seen[key]} 行是同一条记录，请合并为一行"
        return None, [*problems, Problem(row.number, heads[TITLE], title, words)]
    seen[key] = row.number
    there = known.records.get(key, [])
    if len(there) > 1:
        words = f"已有 {len(there)} 条同名、同日开始的记录，请在页面上修改"
        return None, [*problems, Problem(row.number, heads[TITLE], title, words)]
    record = (
        there[0] if there else Record(kind=kind.slug, unit=unit, state=kind.first, title=title, starts=starts)
    )
    if heads["ends"] not in sheet.given:
        ends = record.ends
    if ends is not None and ends < starts:
        problems.append(Problem(row.number, heads["ends"], f"{ends}", f"不能早于{heads['starts']} {starts}"))
    old = _parts(record)
    region, wrong = _region(heads, sheet, row, record, known)
    problems += wrong
    parts, wrong = _new_parts(sheet, row, old, known)
    problems += wrong
    data = {}
    for field in kind.fields:
        data[field.name] = record.data.get(field.name)
        if heads[field.name] in sheet.given:
            value = _kept(field, row.get(heads[field.name]))
            data[field.name], wrong = _dated(row, heads[field.name], record, field, value)
            problems += wrong
            problems += _place(row, heads[field.name], field, data[field.name], known)
    note = (row.get(heads[NOTE]) or "") if heads[NOTE] in sheet.given else record.note
    content = Content(title, starts, ends, region, note, data, parts)
    before = _cells(kind, heads, _content_of(record, old)) if record.pk else {}
    return Entry(record, content, before), problems


def _content_of(record: Record, parts: dict[Unit, str]) -> Content:
    return Content(record.title, record.starts, record.ends, record.region, record.note, record.data, parts)


def _parts(record: Record) -> dict[Unit, str]:
    return {row.unit: row.part for row in record.parts.all()} if record.pk else {}


def _region(
    heads: Mapping[str, str], sheet: Read, row: Row, record: Record, known: Known
) -> tuple[Region | None, list[Problem]]:
    if heads[REGION] not in sheet.given:
        return record.region, []
    name = row.get(heads[REGION])
    if name and name not in known.regions:
        words = "没有这个地区，请从下拉列表中选，不限的空着"
        return None, [Problem(row.number, heads[REGION], name, words)]
    return known.regions.get(name), []


def _new_parts(
    sheet: Read, row: Row, old: dict[Unit, str], known: Known
) -> tuple[dict[Unit, str], list[Problem]]:
    found: dict[Unit, str] = {}
    problems: list[Problem] = []
    for part in Part:
        column = PARTS[f"part_{part.value}"]
        if column not in sheet.given:
            found |= {unit: each for unit, each in old.items() if each == part.value}
            continue
        text = plain(row.get(column) or "").replace("，", "、").replace(",", "、")
        for word in dict.fromkeys(each.strip() for each in text.split("、") if each.strip()):
            units = known.named(word)
            if len(units) != 1:
                words = (
                    "有几个单位都叫这个名字，请填单位编码" if units else "没有这个编码或名称的单位，请核对"
                )
                problems.append(Problem(row.number, column, word, words))
            elif units[0] in found:
                words = f"已列在{Part(found[units[0]]).label}单位中，每个单位只列一次"
                problems.append(Problem(row.number, column, word, words))
            else:
                found[units[0]] = part.value
    return found, problems


def _place(row: Row, column: str, field: Field, value: Any, known: Known) -> list[Problem]:
    if field.sort is not Sort.PLACE or not value:
        return []
    if any(unit.kind in PLACES and unit.active for unit in known.by_name.get(value, [])):
        return []
    return [Problem(row.number, column, value, "没有这个镇、街道或管委会，请从下拉列表中选")]


def _dated(row: Row, column: str, record: Record, field: Field, value: Any) -> tuple[Any, list[Problem]]:
    """What changed from a day on is changed on the page alone; a past year's list has what it was then."""
    now = record.data.get(field.name)
    past = [each["value"] for each in record.earlier if each["name"] == field.name]
    if not past or value == now:
        return value, []
    if value in past:
        return now, []
    return now, [Problem(row.number, column, shown(value), "这一项自某日起变更过，请在页面上改")]


def _kept(field: Field, value: Any) -> Any:
    """A cell as `Record.data` keeps it."""
    if value in (None, ""):
        return None
    if isinstance(value, Decimal):
        return to_fen(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def _cells(kind: Kind, heads: Mapping[str, str], content: Content) -> dict[str, str]:
    """As the workbook has it, by column."""
    own = {}
    for field in kind.fields:
        value = content.data.get(field.name)
        if field.sort is Sort.MONEY and value is not None:
            value = from_fen(value)
        own[heads[field.name]] = shown(value)
    parts = {
        PARTS[f"part_{part.value}"]: "、".join(
            sorted(str(unit) for unit, each in content.parts.items() if each == part.value)
        )
        for part in Part
    }
    region = content.region.name if content.region else ""
    ends = {heads["ends"]: shown(content.ends), heads[REGION]: region}
    return ends | own | parts | {heads[NOTE]: content.note.strip()}


def _compare(plan: Plan, kind: Kind, heads: Mapping[str, str], row: Row, entry: Entry, known: Known) -> bool:
    """Is anything new? A closed year that would show it is a problem of the row."""
    record, content = entry.record, entry.content
    key = f"{record.unit.code} {record.title} {record.starts}"
    after = _cells(kind, heads, content)
    if record.pk and after == entry.before:
        plan.add_same(key)
        return False
    if record.pk:
        fields = ((column, entry.before[column], said) for column, said in after.items())
        plan.add_changed(row.number, key, tuple(each for each in fields if each[1] != each[2]))
    else:
        plan.add_new(row.number, key, partial("，".join, filter(None, after.values())))
    plan.problems += _closed(kind, heads, row, entry, known)
    return True


def _closed(kind: Kind, heads: Mapping[str, str], row: Row, entry: Entry, known: Known) -> Iterator[Problem]:
    record, content = entry.record, entry.content
    if not kind.lasting:
        yield from known.years.problems(row.number, heads["starts"], record.starts.year)
        return
    parts = {unit.pk: part for unit, part in _parts(record).items()}
    before = lasting.shown_in_closed(record, parts) if record.pk else {}
    then = copy(record)
    then.ends, then.region, then.data = content.ends, content.region, dict(content.data)
    after = lasting.shown_in_closed(then, {unit.pk: part for unit, part in content.parts.items()})
    if why := lasting.moved(before, after):
        yield Problem(row.number, heads["starts"], f"{record.starts}", why)


def _store(
    kind: Kind,
    heads: Mapping[str, str],
    entries: list[Entry],
    *,
    by: Any,
    source: Mapping[str, Any],
    tell: Tell,
) -> None:
    created: list[str] = []
    updated: dict[str, dict[str, str]] = {}
    for count, entry in enumerate(entries):
        if not count % 100:
            tell("写入", count, len(entries))
        record, changes = entry.record, {}
        key, action = f"{record.unit.code} {record.title} {record.starts}", "导入修改工作"
        if record.pk:
            changes = audit.differences(entry.before, _cells(kind, heads, entry.content))
            updated[key] = {column: before for column, (before, _after) in changes.items()}
        else:
            action = "导入登记工作"
            created.append(key)
            record.recorded_by = by
        put(record, entry.content)
        note_act(action, record, by, name=source.get("file", ""), changes=changes)
    if entries:
        audit.record(
            f"导入{kind.title}", by=by, subject=kind.title, created=created, updated=updated, **source
        )
