"""A closed year never changes: every verb of the product is tried on it, by introspection none is left out.

2021 and 2022 are closed; 2022 has no policy of its own and is read by 2021's.
"""

from __future__ import annotations

import copy
import datetime
import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from assessment import base_evidence, policies, policy_drafts, reference, sealing, unit_changes
from assessment.models import Policy, Snapshot
from assessment.notice import work as notices
from assessment.policy_file import RegionData
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.jobs import work
from initiatives import evidence, outlet_sales, tasking
from initiatives import records as records_of_work
from initiatives.inspection import revocations
from initiatives.inspection import verbs as inspecting
from initiatives.inspection.models import RevocationRequest
from initiatives.models import (
    Criterion,
    Entry,
    Evidence,
    Milestone,
    Record,
    RecordPurchase,
    Report,
    ScoreTable,
)
from initiatives.outlet_sales import Sales
from initiatives.progress import milestones, reminding, reports, subtasks
from initiatives.progress.quarters import Quarter
from initiatives.records import Content
from initiatives.scoring import verbs as scoring
from initiatives.scoring.criteria import example
from procurement import (
    answering,
    attachments,
    checking,
    editing,
    inbox,
    moves,
    placing,
    reading,
    receipts,
    rehoming,
    routes,
    scanning,
    tallies,
    workflow,
)
from procurement.checks import Subject, doubts_of
from procurement.choices import Scan, Status, Use
from procurement.doubts import keyed
from procurement.editing import Head, Line
from procurement.extraction import InvoiceData
from procurement.extraction.codec import to_plain
from procurement.imports import catalogue, city_lists, load_bases, load_purchases, load_units, runs
from procurement.imports.kinds import KINDS
from procurement.models import Import, Purchase, Receipt, Region
from procurement.models.imported import ImportState
from tests.factories import line, make_base, make_policy, make_purchase, make_receipt, make_unit, make_user
from tests.services import ROOT
from tests.workbooks import BASES, PURCHASES, UNITS, purchase, records
from units import bases, deadlines, organising
from units.kinds import Affiliation, Canteen, Kind
from units.models import BaseStatus, Role, Unit, YearBase
from units.years import YearLock

pytestmark = pytest.mark.django_db
CLOSED = (2021, 2022)
SAID = r"202[12] 年度(已于 \d{4}-\d\d-\d\d 由 .+ 封账|政策已封存)，不能再改动"
LATER = datetime.date(2023, 1, 1)
NEW = frozenset({"X01", "X02", "S09"})
"""Codes of units that some verbs add after the closing."""


@dataclass
class World:
    units: dict[str, Unit]
    purchases: dict[str, Purchase]
    bases: dict[str, YearBase]
    policy: Policy
    figures: dict[int, str] = field(default_factory=dict)
    digests: list[str] = field(default_factory=list)

    def __getitem__(self, code: str) -> Unit:
        return self.units[code]

    def close(self) -> None:
        for year in CLOSED:
            sealing.lock(year, by=None, leaving=sealing.waiting(year))
        self.figures, self.digests = figures(), digests()

    def unchanged(self) -> None:
        assert figures() == self.figures
        assert digests() == self.digests
        assert list(sealing.broken_snapshots()) == []
        assert list(tallies.differences()) == []
        assert set(YearLock.objects.filter(locked=True).values_list("year", flat=True)) == set(CLOSED)


def figures() -> dict[int, str]:
    """All that a snapshot holds, as it would be taken now; less the empty rows of units that are new since."""
    found = {}
    for year in CLOSED:
        content = sealing.content_of(year)
        for rows in (content["standing"]["units"], content["standing"]["responsible"]):
            for row in [row for row in rows if row["unit"] in NEW]:
                assert row.get("numerator", row.get("attributed")) == "0.00"
                rows.remove(row)
        found[year] = sealing.canonical(content)
    return found


def digests() -> list[str]:
    return list(Snapshot.objects.order_by("year", "version").values_list("digest", flat=True))


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for the module; each test works on it in a transaction of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def open_world(city: World, db: None) -> World:
    return copy.deepcopy(city)


def build() -> World:
    """Every kind of unit, base and purchase that a verb could touch. The listed enterprise's supervisor answers."""
    readings = {"commerce": "excluded", "listed_enterprise": "supervisor"}
    policy = make_policy(dept_town_total={"parameters": readings, "amount": Decimal(1000)})
    units = {code: make_unit(code, Kind.TOWN) for code in ("T01", "T02")}
    units |= {code: make_unit(code, Kind.DEPARTMENT) for code in ("D02", "D03")}
    city = {"affiliation": Affiliation.CITY}
    units["S01"] = make_unit("S01", Kind.SCHOOL, town=units["T01"], supervisor=units["D02"], **city)
    units["S02"] = make_unit("S02", Kind.SCHOOL, town=units["T01"], supervisor=units["D02"], **city)
    units["N01"] = make_unit("N01", Kind.INSTITUTION)
    units["U01"] = make_unit("U01", Kind.UNION, host=units["S01"])
    units["E01"] = make_unit("E01", Kind.ENTERPRISE, town=units["T01"])
    units["E02"] = make_unit("E02", Kind.ENTERPRISE, town=units["T01"], supervisor=units["D02"])
    units["E03"] = make_unit("E03", Kind.ENTERPRISE, town=units["T02"])
    declared = {
        "S01": make_base(units["S01"], canteen=Canteen.OWN, canteen_budget="1000.00"),
        "S02": make_base(units["S02"], canteen=Canteen.SHARED, canteen_representative=units["N01"]),
        "T01": make_base(units["T01"], target="500.00"),
        "E02": make_base(units["E02"], listed=True),
        "filed": make_base(units["D02"], status=BaseStatus.FILED, target="100.00"),
        "returned": make_base(units["D03"], status=BaseStatus.RETURNED),
    }
    bought = {
        "A1": make_purchase(units["S01"], line("40.00"), number="A1"),
        "A2": make_purchase(units["E01"], line("30.00"), number="A2"),
        "A3": make_purchase(units["E02"], line("20.00"), number="A3"),
        "A4": make_purchase(units["E03"], line("10.00"), number="A4", date="2022-03-01"),
        "A5": make_purchase(units["U01"], line("5.00", Use.UNION_WELFARE), number="A5"),
        "W1": make_purchase(units["S01"], number="W1", status=Status.SUBMITTED),
        "W2": make_purchase(units["S01"], number="W2", status=Status.SUBMITTED),
        "R1": make_purchase(units["S01"], number="R1", status=Status.RETURNED),
        "D1": make_purchase(units["S01"], number="D1", status=Status.DRAFT),
    }
    return World(units, bought, declared, policy)


@pytest.fixture
def world(open_world: World) -> World:
    open_world.close()
    return open_world


def other_policy(world: World, **changes: Any) -> dict[str, Any]:
    """The policy of 2021 as a file, with something else in it."""
    given = json.loads((ROOT / "fixtures" / "policies" / "2021.json").read_text())
    return given | {"title": "另一个方案"} | changes


def draft(world: World, year: int = 2024) -> Policy:
    return policy_drafts.copy_policy(world.policy, year, by=None)


def in_force_over_2022(world: World) -> None:
    policy_drafts.put_in_force(draft(world, 2022), by=None)


def school(world: World, **cells: Any) -> bytes:
    """S01 as a workbook of units would have it."""
    unit = {"单位编码": "S01", "单位名称": world["S01"].name, "单位类别": "学校", "主管部门编码": "D02"}
    return records(UNITS, unit | {"所在镇街编码": "T01", "隶属层级": "市直"} | cells)


def base_row(code: str = "T01", year: int = 2021, **cells: Any) -> bytes:
    return records(BASES, {"年度": year, "单位编码": code, "采购目标": 9} | cells)


def city_row(column: str, value: Any, code: str = "T02", year: int = 2021) -> bytes:
    return records(("年度", "单位编码", column), {"年度": year, "单位编码": code, column: value})


Attempt = Callable[[World], Any]


def record(world: World) -> Record:
    """A record of the closed year, put there without its verb."""
    values = {"kind": "activity", "unit": world["S01"], "year": 2021, "title": "展销会", "state": "open"}
    return Record.objects.create(starts=datetime.date(2021, 5, 1), **values)


def linked(world: World) -> RecordPurchase:
    found = record(world)
    return RecordPurchase.objects.create(record=found, purchase=world.purchases["A1"], kind=found.kind)


def outlet(world: World) -> Record:
    found = record(world)
    Record.objects.filter(pk=found.pk).update(
        kind="outlet", starts=datetime.date(2021, 1, 1), data={"operator": "甲店"}
    )
    found.refresh_from_db()
    return found


def plan_task(world: World) -> Record:
    found = record(world)
    Record.objects.filter(pk=found.pk).update(kind="task")
    return Record.objects.get(pk=found.pk)


def milestone(world: World, *, done: bool = False) -> Milestone:
    day = datetime.date(2021, 6, 30)
    return Milestone.objects.create(
        record=plan_task(world), name="开工", due=day, done_on=day if done else None
    )


def report(world: World) -> Report:
    return Report.objects.create(
        record=plan_task(world), year=2021, quarter=1, unit=world["S01"], text="已开工"
    )


def with_evidence(world: World) -> Evidence:
    stored = receipts.store(b"%PDF-1.4 minutes", "application/pdf")
    return Evidence.objects.create(record=record(world), file=stored, name="纪要.pdf")


HELD = Content("展销会", datetime.date(2021, 6, 1))


def wish(w: World) -> RevocationRequest:
    """督查 asks that an approval of the closed year be taken back."""
    purchase = w.purchases["A1"]
    inspection = inspecting.open_inspection(
        purchase.unit, by=None, title="核对", deadline=timezone.localdate(), questions=["货在哪里"]
    )
    return revocations.ask(inspection, by=None, number=purchase.number, reason="没有实物")


def scored(w: World) -> Entry:
    """An entry of 2021's scores, put there without its verb."""
    table = ScoreTable.objects.create(year=2021)
    criterion = Criterion.objects.create(table=table, position=1, name="评定", measure="entered", full=10000)
    return Entry.objects.create(criterion=criterion, unit=w["T01"], points=100, reason="典型")


REFUSED: dict[str, list[Attempt]] = {
    "initiatives.scoring.verbs.save_criteria": [
        lambda w: scoring.save_criteria(2021, example(), by=None),
        lambda w: scoring.save_criteria(2022, example(), by=None),
    ],
    "initiatives.scoring.verbs.enter": [
        lambda w: scoring.enter(scored(w).criterion, w["T01"], by=None, points=1, reason="改"),
    ],
    "initiatives.scoring.verbs.clear": [lambda w: scoring.clear(scored(w), by=None, reason="改")],
    "initiatives.inspection.revocations.carry_out": [lambda w: revocations.carry_out(wish(w), by=None)],
    "initiatives.records.create_record": [
        lambda w: records_of_work.create_record("activity", w["S01"], HELD, by=None)
    ],
    "initiatives.progress.subtasks.add_subtask": [
        lambda w: subtasks.add_subtask(plan_task(w), w["S01"], HELD, by=None)
    ],
    "initiatives.progress.milestones.add_milestone": [
        lambda w: milestones.add_milestone(plan_task(w), by=None, name="开工", due=LATER)
    ],
    "initiatives.progress.milestones.change_milestone": [
        lambda w: milestones.change_milestone(milestone(w), by=None, name="完工", due=LATER)
    ],
    "initiatives.progress.milestones.reach_milestone": [
        lambda w: milestones.reach_milestone(milestone(w), by=None, done_on=LATER)
    ],
    "initiatives.progress.milestones.reopen_milestone": [
        lambda w: milestones.reopen_milestone(milestone(w, done=True), by=None, reason="没做完")
    ],
    "initiatives.progress.milestones.remove_milestone": [
        lambda w: milestones.remove_milestone(milestone(w), by=None)
    ],
    "initiatives.progress.reports.file_report": [
        lambda w: reports.file_report(plan_task(w), Quarter(2021, 2), by=None, text="已开工")
    ],
    "initiatives.progress.reports.return_report": [
        lambda w: reports.return_report(report(w), by=None, reason="没有数字")
    ],
    "initiatives.tasking.create_tasks": [lambda w: tasking.create_tasks(2021, w["S01"], by=None)],
    "initiatives.records.change_record": [lambda w: records_of_work.change_record(record(w), HELD, by=None)],
    "initiatives.records.move": [lambda w: records_of_work.move(record(w), "finish", by=None)],
    "initiatives.records.change_from": [
        lambda w: records_of_work.change_from(
            outlet(w), "operator", "乙店", datetime.date(2022, 6, 1), by=None
        )
    ],
    "initiatives.records.link": [
        lambda w: records_of_work.link(record(w), w.purchases["A1"], by=None),
        lambda w: records_of_work.link(outlet(w), w.purchases["A1"], by=None),
    ],
    "initiatives.outlet_sales.report_sales": [
        lambda w: outlet_sales.report_sales(
            outlet(w),
            Sales(datetime.date(2021, 6, 1), Region.objects.get(name="布拖县"), Decimal(9)),
            by=None,
        )
    ],
    "initiatives.records.unlink": [lambda w: records_of_work.unlink(linked(w), by=None)],
    "initiatives.evidence.attach": [lambda w: evidence.attach(record(w), upload(), by=None)],
    "initiatives.evidence.detach": [lambda w: evidence.detach(with_evidence(w), by=None)],
    "units.bases.file_base": [
        lambda w: bases.file_base(w["D03"], 2021, by=None, target=Decimal(1)),
        lambda w: bases.file_base(w["E03"], 2022, by=None, target=Decimal(1)),
    ],
    "assessment.base_evidence.attach": [lambda w: base_evidence.attach(w["D03"], 2021, upload(), by=None)],
    "units.bases.confirm_base": [lambda w: bases.confirm_base(w.bases["filed"], by=None)],
    "units.bases.return_base": [
        lambda w: bases.return_base(w.bases["S01"], by=None, reason="重填"),
        lambda w: bases.return_base(w.bases["filed"], by=None, reason="重填"),
    ],
    "procurement.imports.bases.load_bases": [
        lambda w: load_bases(base_row(), by=None),
        lambda w: load_bases(base_row("E03", 2022), by=None),
        lambda w: load_bases(base_row("D02"), by=None),
    ],
    "procurement.imports.purchases.load_purchases": [
        lambda w: load_purchases(records(PURCHASES, purchase("N1", "T01")), by=None),
        lambda w: load_purchases(records(PURCHASES, purchase("N1", "T01", 采购日期="2022-12-31")), by=None),
        lambda w: load_purchases(records(PURCHASES, purchase("N1", "T01", 状态="待审核")), by=None),
        lambda w: load_purchases(records(PURCHASES, purchase("W1", "S01")), by=None),
    ],
    "procurement.imports.city_lists.load_listed": [
        lambda w: city_lists.load_listed(city_row("宁波名单企业", "是"), by=None),
    ],
    "procurement.imports.city_lists.load_targets": [
        lambda w: city_lists.load_targets(city_row("采购目标", 9), by=None),
        lambda w: city_lists.load_targets(city_row("采购目标", 9, "E03", 2022), by=None),
    ],
    "procurement.imports.units.load_units": [
        lambda w: load_units(school(w, 单位类别="医院"), by=None),
        lambda w: load_units(school(w, 主管部门编码="D03"), by=None),
        lambda w: load_units(school(w, 隶属层级="镇街"), by=None, since=datetime.date(2021, 6, 1)),
        lambda w: load_units(
            records(
                UNITS,
                {
                    "单位编码": "E02",
                    "单位名称": "甲",
                    "单位类别": "企业",
                    "主管部门编码": "D03",
                    "所在镇街编码": "T01",
                },
            ),
            by=None,
        ),
    ],
    "procurement.moves.change_unit": [
        lambda w: moves.change_unit(w["N01"], by=None, kind=Kind.ENTERPRISE),
        lambda w: [
            moves.change_unit(w["E03"], by=None, town=w["T01"], since=LATER),
            moves.change_unit(w["T02"], by=None, kind=Kind.ENTERPRISE),
        ],
        lambda w: moves.change_unit(w["S01"], by=None, kind=Kind.HOSPITAL),
        lambda w: moves.change_unit(w["E01"], by=None, town=w["T02"]),
        lambda w: moves.change_unit(w["E01"], by=None, town=w["T02"], since=datetime.date(2021, 6, 1)),
        lambda w: moves.change_unit(w["E02"], by=None, supervisor=w["D03"]),
        lambda w: moves.change_unit(
            w["E02"], by=None, supervisor=w["D03"], since=datetime.date(2021, 12, 31)
        ),
        lambda w: moves.change_unit(w["U01"], by=None, host=w["S02"], since=datetime.date(2021, 1, 1)),
    ],
    "procurement.workflow.submit": [
        lambda w: workflow.submit(w.purchases["D1"], by=None),
        lambda w: workflow.submit(w.purchases["R1"], by=None),
    ],
    "procurement.workflow.pass_first": [lambda w: workflow.pass_first(w.purchases["W1"], by=None)],
    "procurement.workflow.approve": [lambda w: workflow.approve(w.purchases["W1"], by=None)],
    "procurement.workflow.revoke": [
        lambda w: workflow.revoke(w.purchases["A1"], by=None, reason="重复"),
        lambda w: workflow.revoke(w.purchases["A4"], by=None, reason="重复"),
    ],
    "assessment.policies.load_policy": [lambda w: policies.load_policy(other_policy(w))],
    "assessment.policy_drafts.put_in_force": [in_force_over_2022],
    "assessment.unit_changes.prospect": [
        lambda w: unit_changes.prospect(
            w["E01"],
            by=None,
            since=None,
            values={"town": w["T02"]},
            seen=unit_changes.stamp(w["E01"], unit_changes.history_of(w["E01"])),
        ),
    ],
    "assessment.sealing.lock": [lambda w: sealing.lock(2021, by=None, leaving=sealing.waiting(2021))],
}
"""Verbs that could change a closed year, each way that it could: refused with a sentence."""


def upload(name: str = "票.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 " + name.encode())


def attached(world: World) -> Receipt:
    """An invoice of a purchase that the clerk may still change."""
    return make_receipt(world.purchases["D1"], b"%PDF-1.4 paper", data=to_plain(InvoiceData()))


def rule(policy: Policy, kind: str = "canteen_share") -> Any:
    return policy.rules.get(kind=kind)


def issuer(world: World) -> Any:
    return make_user("issuer", Role.BUREAU, world["D02"])


def renamed(world: World) -> Any:
    unit = world["E01"]
    seen = unit_changes.stamp(unit, unit_changes.history_of(unit))
    return unit_changes.rename(unit, by=None, values={"name": "新名"}, seen=seen)


def moved_later(world: World) -> Any:
    """From a day after the closed years on: first shown, then made."""
    asked: Any = {"by": None, "since": LATER, "values": {"town": world["T02"]}}
    unit = world["E01"]
    asked["seen"] = unit_changes.stamp(unit, unit_changes.history_of(unit))
    token = unit_changes.prospect(unit, **asked).token
    return unit_changes.make(unit, **asked, token=token)


def opened(world: World) -> Any:
    """Asked for and turned down: the year stays closed."""
    return sealing.decide_opening(
        sealing.ask_to_open(2021, by=None, reason="更正"), by=None, granted=False, answer="不必"
    )


HARMLESS: dict[str, list[Attempt]] = {
    "initiatives.progress.reminding.remind_tasks": [
        lambda w: [make_user("told", Role.CLERK, w["S01"]), reminding.remind_tasks([plan_task(w)], by=None, text="请抓紧")]
    ],
    "initiatives.inspection.revocations.ask": [lambda w: wish(w)],
    "initiatives.inspection.revocations.decline": [
        lambda w: revocations.decline(wish(w), by=None, reason="票据齐全")
    ],
    "procurement.routes.stage_of": [lambda w: routes.stage_of(w.purchases["W1"], AnonymousUser())],
    "procurement.routes.hindrance": [
        lambda w: routes.hindrance(w.purchases["W1"], routes.Stage.FIRST, AnonymousUser())
    ],
    "initiatives.records.change_from": [
        lambda w: records_of_work.change_from(outlet(w), "operator", "乙店", LATER, by=None)
    ],
    "initiatives.records.move": [
        lambda w: records_of_work.move(outlet(w), "close", by=None, reason="停业", day=LATER)
    ],
    "initiatives.outlet_sales.report_sales": [
        lambda w: outlet_sales.report_sales(
            outlet(w), Sales(LATER, Region.objects.get(name="布拖县"), Decimal(9)), by=None
        )
    ],
    "procurement.workflow.withdraw": [lambda w: workflow.withdraw(w.purchases["W1"], by=None)],
    "procurement.workflow.send_back": [lambda w: workflow.send_back(w.purchases["W1"], by=None, reason="改")],
    "procurement.workflow.void": [lambda w: workflow.void(w.purchases["D1"], by=None)],
    "procurement.editing.create_draft": [
        lambda w: editing.create_draft(
            w["S01"], by=None, head=Head(invoice_date=datetime.date(2021, 5, 5)), lines=[Line(Decimal(9))]
        ),
    ],
    "procurement.rehoming.rehome": [lambda w: rehoming.rehome(w.purchases["D1"], to=w["U01"], by=None)],
    "procurement.editing.buy_again": [lambda w: editing.buy_again(w.purchases["A1"], by=None)],
    "procurement.answering.answer": [
        lambda w: answering.answer(
            w.purchases["D1"], {key: "已核对" for key, _ in keyed(doubts_of(Subject(w.purchases["D1"])))}, by=None
        ),
    ],
    "procurement.checking.record_check": [
        lambda w: checking.record_check(w.purchases["A1"].receipts.get(), result="differs", by=None)
    ],
    "procurement.editing.save_draft": [
        lambda w: editing.save_draft(
            w.purchases["D1"], by=None, version=None, head=Head(invoice_date=datetime.date(2021, 5, 5)), lines=[Line(Decimal(9))],
        ),
    ],
    "procurement.attachments.remove": [lambda w: attachments.remove(attached(w), by=None)],
    "procurement.attachments.describe": [
        lambda w: attachments.describe(attached(w), by=None, kind="invoice", code="", number="12345678"),
    ],
    "procurement.inbox.receive": [
        lambda w: inbox.receive([upload()], w["S01"], None),
        lambda w: inbox.receive([upload("二.pdf")], w["S01"], None, purchase=w.purchases["D1"]),
    ],
    "procurement.inbox.receive_named": [
        lambda w: inbox.receive_named([upload("D1.pdf")], Purchase.objects.filter(unit=w["S01"]), None)
    ],
    "procurement.placing.move": [lambda w: placing.move(attached(w), to=None, by=None)],
    "procurement.placing.start": [
        lambda w: placing.start(placing.move(attached(w), to=None, by=None), by=None)
    ],
    "procurement.placing.regroup": [lambda w: placing.regroup(w["S01"].pk)],
    "procurement.scanning.keep": [
        lambda w: scanning.keep(receipts.store(b"%PDF-1.4 kept", "application/pdf"), Scan.INFECTED, "EICAR")
    ],
    "procurement.moves.create_unit": [
        lambda w: moves.create_unit("X01", by=None, name="新学校", kind=Kind.SCHOOL, town=w["T01"]),
        lambda w: moves.create_unit("X02", by=None, name="新部门", kind=Kind.DEPARTMENT),
    ],
    "procurement.moves.change_unit": [
        lambda w: moves.change_unit(w["S01"], by=None, name="改名学校", uscc="91330282MA0000001A", active=False),
        lambda w: moves.change_unit(w["E01"], by=None, town=w["T02"], since=LATER),
        lambda w: moves.change_unit(w["E02"], by=None, supervisor=w["D03"], since=LATER),
        lambda w: moves.change_unit(make_unit("S09", Kind.SCHOOL), by=None, kind=Kind.ENTERPRISE),
    ],
    "procurement.imports.units.load_units": [
        lambda w: load_units(school(w, 单位名称="改名"), by=None),
        lambda w: load_units(school(w, 主管部门编码="D03"), by=None, since=LATER),
        lambda w: load_units(records(UNITS, {"单位编码": "X01", "单位名称": "新", "单位类别": "学校"}), by=None),
    ],
    "procurement.imports.purchases.load_purchases": [
        lambda w: load_purchases(records(PURCHASES, purchase("N1", "T01", 采购日期="2023-01-01")), by=None),
    ],
    "procurement.imports.bases.load_bases": [lambda w: load_bases(base_row(year=2023), by=None)],
    "procurement.imports.city_lists.load_listed": [
        lambda w: city_lists.load_listed(city_row("宁波名单企业", "是", year=2023), by=None),
    ],
    "procurement.imports.city_lists.load_targets": [
        lambda w: city_lists.load_targets(city_row("采购目标", 9, year=2023), by=None),
    ],
    "procurement.imports.catalogue.load_products": [
        lambda w: catalogue.load_products(records(("产品名称", "认定编号"), {"产品名称": "苦荞茶", "认定编号": "R1"}), by=None),
    ],
    "procurement.imports.catalogue.load_suppliers": [
        lambda w: catalogue.load_suppliers(records(("供应商", "认定编号"), {"供应商": "凉山供应链公司", "认定编号": "R1"}), by=None),
    ],
    "procurement.tallies.rebuild": [lambda w: tallies.rebuild(), lambda w: tallies.rebuild(years=CLOSED)],
    "assessment.base_evidence.attach": [lambda w: base_evidence.attach(w["D03"], 2023, upload(), by=None)],
    "procurement.inbox.keep_beside": [lambda w: inbox.keep_beside(upload(), w["D03"], None)],
    "units.bases.file_base": [lambda w: bases.file_base(w["D03"], 2023, by=None, target=Decimal(1))],
    "units.deadlines.set_deadline": [
        lambda w: deadlines.set_deadline(2021, datetime.date(2021, 3, 31), by=None)
    ],
    "units.organising.set_organised": [lambda w: organising.set_organised([("市教育局", "school")])],
    "assessment.reference.load_reference": [lambda w: reference.load_reference()],
    "assessment.policies.load_policy": [lambda w: policies.load_policy(other_policy(w, year=2023))],
    "assessment.policies.store_policy": [],
    "assessment.policies.add_regions": [
        lambda w: policies.add_regions([RegionData("513429", "布拖县", "别处", False), RegionData("999", "新县", "", True)]),
    ],
    "assessment.policy_drafts.copy_policy": [draft, lambda w: draft(w, 2022)],
    "assessment.policy_drafts.edit_policy": [
        lambda w: policy_drafts.edit_policy(draft(w, 2022), by=None, holidays=["spring"], targets={"city_total": Decimal(1)}),
    ],
    "assessment.policy_drafts.edit_pairings": [
        lambda w: policy_drafts.edit_pairings(draft(w, 2022), by=None, pairings={"其他地区": ("east_west", True)}),
    ],
    "assessment.policy_drafts.edit_rule": [
        lambda w: policy_drafts.edit_rule(rule(draft(w, 2022)), by=None, percent=Decimal(50)),
    ],
    "assessment.policy_drafts.remove_rule": [lambda w: policy_drafts.remove_rule(rule(draft(w, 2022)), by=None)],
    "assessment.policy_drafts.add_rule": [lambda w: again(draft(w, 2022))],
    "assessment.policy_drafts.discard": [lambda w: policy_drafts.discard(draft(w, 2022), by=None)],
    "assessment.policy_drafts.put_in_force": [lambda w: policy_drafts.put_in_force(draft(w, 2023), by=None)],
    "assessment.notice.work.make": [lambda w: notices.make(2021, LATER, "docx", by=issuer(w))],
    "assessment.unit_changes.rename": [renamed],
    "assessment.unit_changes.make": [moved_later],
    "assessment.sealing.ask_to_open": [lambda w: sealing.ask_to_open(2021, by=None, reason="更正")],
    "assessment.sealing.decide_opening": [opened],
}  # fmt: skip
"""Verbs that may go on, at least in some ways: they are about drafts, names, years to come. No figure moves."""


def again(policy: Policy) -> Any:
    """Take a rule out of a draft and put it in again."""
    old = rule(policy)
    values = {name: getattr(old, name) for name in policy_drafts.EDITABLE}
    policy_drafts.remove_rule(old, by=None)
    return policy_drafts.add_rule(policy, "canteen_share", by=None, **values)


ASIDE = {
    "units.accounts",
    "units.roles",
    "units.slips",
    "procurement.imports.people",
    "procurement.reasons",
    "units.second_factor",
    "units.tokens",
    "units.tours",
    "units.delegating",
    "units.messages",
    "units.reminder_rules",
    "assessment.demo",
    "initiatives.market",
    "initiatives.publicity",
    "initiatives.funds",
    "initiatives.inspection.verbs",
    "initiatives.papers",
}
"""Who may log in and do what, messages, the demonstration's own data, and work that the figures know nothing of (complaints,
what one supplier is warned of, support, stories, questions and answers with their papers): no verb here touches a figure."""


PARTS = {
    "procurement.imports.purchases.plan_purchases": "load_purchases, up to the writing",
    "procurement.imports.purchases.writing.store": "the writing of load_purchases",
    "procurement.imports.catalogue.plan_catalogue": "load_products and load_suppliers, up to the writing",
    "procurement.imports.city_lists.plan_city_list": "load_listed and load_targets, up to the writing",
    "initiatives.loading.plan_records": "an import, up to the writing; its closed years are tried in its own tests",
    "initiatives.lasting.closed_years_keep": "what the verbs of records that last ask",
    "initiatives.records.add_record": "part of create_record and create_tasks",
    "procurement.checking.set_result": "part of record_check",
    "procurement.imports.alone.alone": "the transaction that imports run in",
    "procurement.imports.runs.upload": "an import on its page, tried below",
    "procurement.imports.runs.confirm": "an import on its page, tried below",
    "procurement.imports.runs.again": "an import on its page, tried below",
    "procurement.imports.runs.drop": "an import on its page: nothing is imported",
    "procurement.imports.units.plan_units": "load_units, up to the writing",
    "procurement.imports.bases.plan_bases": "load_bases, up to the writing",
    "procurement.first_drafts.draft_of": "part of reading a receipt and of placing it",
}
"""Functions that only the verbs named call, or that have a test of their own."""


def verbs() -> Iterator[str]:
    """Every public function that says who acts (`by`), or that is one transaction, outside the pages."""
    for name in ("units", "procurement", "assessment", "initiatives"):
        package = importlib.import_module(name)
        for info in pkgutil.walk_packages(package.__path__, f"{name}."):
            if {"migrations", "views", "management", "__main__"} & set(info.name.split(".")):
                continue
            if not any(f"{info.name}.".startswith(f"{aside}.") for aside in ASIDE):
                yield from _verbs(info.name)


def _verbs(module: str) -> Iterator[str]:
    for name, found in vars(importlib.import_module(module)).items():
        plain = inspect.unwrap(found) if inspect.isfunction(found) else None
        if (
            plain is None
            or plain.__module__ != module
            or name.startswith(("_", "require", "check_", "note_"))
        ):
            continue
        if f"{module}.{name}" in PARTS:
            continue
        if plain is not found or "by" in inspect.signature(plain).parameters:
            yield f"{module}.{name}"


def rows(table: dict[str, list[Attempt]]) -> list[Any]:
    return [
        pytest.param(attempt, id=f"{verb.rpartition('.')[2]}-{place}")
        for verb, attempts in table.items()
        for place, attempt in enumerate(attempts, start=1)
    ]


def test_every_verb_has_a_row() -> None:
    told = REFUSED.keys() | HARMLESS.keys()
    missing = sorted(set(verbs()) - told)
    assert not missing, f"add to REFUSED or HARMLESS how each of these fares on a closed year: {missing}"
    gone = sorted(told - set(verbs()))
    assert not gone, f"rows of verbs that are no more: {gone}"


@pytest.mark.parametrize("attempt", rows(REFUSED))
def test_what_could_change_a_closed_year_is_refused_with_a_sentence(world: World, attempt: Attempt) -> None:
    with pytest.raises(Refused, match=SAID):
        attempt(world)
    world.unchanged()


@pytest.mark.parametrize("attempt", rows(REFUSED))
def test_the_same_is_not_refused_while_the_years_are_open(open_world: World, attempt: Attempt) -> None:
    """So that it is the closing that stands in the way above, and nothing else."""
    attempt(open_world)


@pytest.mark.parametrize("attempt", rows(HARMLESS))
def test_what_may_go_on_moves_no_figure_of_a_closed_year(world: World, attempt: Attempt) -> None:
    attempt(world)
    world.unchanged()


COMMANDS: list[tuple[list[str], Callable[[World], bytes]]] = [
    (["purchases"], lambda w: records(PURCHASES, purchase("N1", "T01"))),
    (["units"], lambda w: school(w, 单位类别="医院")),
    (["units"], lambda w: school(w, 主管部门编码="D03")),
    (["units", "--since", "2021-06-01"], lambda w: school(w, 主管部门编码="D03")),
    (["bases"], lambda w: base_row()),
    (["policy"], lambda w: json.dumps(other_policy(w)).encode()),
]


@pytest.mark.parametrize(("arguments", "content"), COMMANDS, ids=[" ".join(each) for each, _ in COMMANDS])
def test_load_is_refused_with_the_same_sentence(world: World, tmp_path: Path, arguments, content) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(content(world))
    what, *options = arguments
    with pytest.raises(CommandError, match=SAID):
        call_command("load", what, str(path), *options)
    world.unchanged()


def test_load_of_units_from_a_later_day_on_goes_through(world: World, tmp_path: Path) -> None:
    path = tmp_path / "单位.xlsx"
    path.write_bytes(school(world, 主管部门编码="D03"))
    call_command("load", "units", str(path), "--since", "2023-01-01")
    world.unchanged()


def test_a_receipt_read_after_the_closing_becomes_a_draft_that_cannot_be_submitted(
    open_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dropped before, being read while the year is closed, finished after."""
    [outcome] = inbox.receive([upload()], open_world["S01"], None)
    assert outcome.receipt is not None

    def read(*_: Any) -> InvoiceData:
        open_world.close()
        return InvoiceData(
            kind="invoice", invoice_number="12345678", issue_date=datetime.date(2021, 7, 1), total=Decimal("99.00")
        )  # fmt: skip

    monkeypatch.setattr(reading, "run_limited", read)
    reading.read(outcome.receipt.pk)
    open_world.unchanged()
    late = Receipt.objects.get(pk=outcome.receipt.pk).purchase
    assert late is not None and (late.status, late.date) == (Status.DRAFT, datetime.date(2021, 7, 1))
    late.channel = "direct"
    late.supplier = open_world.purchases["A1"].supplier
    late.save()
    region = open_world.purchases["A1"].lines.get().region
    late.lines.update(use=Use.OFFICE, region=region, product_name="土豆")
    with pytest.raises(Refused, match=SAID):
        workflow.submit(late, by=None)
    open_world.unchanged()


def worked(found: Import, job: int | None) -> Import:
    """The import after its background work."""
    assert job is not None
    work.run(job)
    return Import.objects.get(pk=found.pk)


@pytest.mark.parametrize("again", [False, True], ids=["confirmed", "looked through again"])
def test_an_import_looked_through_before_the_closing_stores_nothing_after_it(
    open_world: World, again: bool
) -> None:
    """预检 before, 确认 before, carried out in the background after; or gone through once more."""
    bureau = make_user("bureau", Role.BUREAU, make_unit("D01"))
    file = SimpleUploadedFile("采购.xlsx", records(PURCHASES, purchase("N1", "T01")))
    found = runs.upload(file, KINDS["purchases"], by=bureau)
    found = worked(found, found.job_id)
    assert found.state == ImportState.READY
    if again:
        open_world.close()
        found = runs.again(found, by=bureau)
    else:
        found = runs.confirm(found, by=bureau, digest=found.digest)
        open_world.close()
    found = worked(found, found.job_id)
    assert found.state == ImportState.WRONG and "2021 年度已于" in str(found.preview)
    assert not Purchase.objects.filter(number="N1").exists()
    open_world.unchanged()


def test_a_correction_after_opening_moves_the_figures_and_makes_the_next_version(world: World) -> None:
    """The one way in: on record, by two people, and closed again as another version."""
    sealing.decide_opening(sealing.ask_to_open(2021, by=None, reason="更正"), by=None, granted=True)
    workflow.approve(world.purchases["W1"], by=None)
    again = sealing.lock(2021, by=None, leaving=["W2"])
    assert again.version == 2 and figures()[2021] != world.figures[2021]
    assert figures()[2022] == world.figures[2022]
