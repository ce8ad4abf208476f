"""A small city in which every role has something of its own, something under it and something foreign.

    own      a record of the unit that the person's role is at
    under    one of a unit that the role looks after (a union, a subordinate, what stands in the town, …)
    foreign  one of a unit that has nothing to do with it; the city-wide roles see that one too

Each unit's records carry words found nowhere else, so that a page which shows them to the wrong person is found.
"""

from __future__ import annotations

import datetime
import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from PIL import Image

from assessment import policies, policy_drafts, sealing
from assessment.models import BaseEvidence, Opening, Policy, Snapshot
from cixi_xiezuo.jobs.models import Job, State
from cixi_xiezuo.outbox.models import Errand
from initiatives import records
from initiatives.funds.models import Application, ApplicationPurchase, Scheme
from initiatives.inspection import revocations
from initiatives.inspection import verbs as inspecting
from initiatives.market import blacklist, complaints
from initiatives.models import Criterion, Entry, Evidence, Paper, Story
from initiatives.progress import milestones, reports
from initiatives.progress.quarters import Quarter
from initiatives.records import Content
from initiatives.scoring import verbs as scoring
from initiatives.scoring.criteria import Item
from procurement import receipts
from procurement.choices import Status, Use
from procurement.models import Import, Region, StoredFile
from procurement.models.imported import ImportState
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from tests.security import state
from units import bases
from units.kinds import Affiliation, Canteen, Kind
from units.models import (
    ApiToken,
    BaseStatus,
    Delegation,
    LoginSession,
    Membership,
    Role,
    RoleRequest,
    Unit,
    User,
)
from units.years import YearLock

COLUMNS = {
    "nobody": "",
    "roleless": "",
    "clerk": "S01",
    "head": "S01",
    "lead": "D06",
    "town": "T01",
    "bureau": "D01",
    "oversight": "D02",
    "sysadmin": "D09",
    "secadmin": "D09",
    "auditor": "D09",
}
"""The columns of access.toml, each with the unit that its role is at."""

ROLES = {"sysadmin": Role.SYSTEM_ADMIN, "secadmin": Role.SECURITY_ADMIN}
UNDER = {"clerk": "U01", "head": "U01", "lead": "S01", "town": "S01", "oversight": "D01"}
FOREIGN = "S02"

EVERY = frozenset({"S01", "U01", "S02", "D01", "D02", "D06", "D09", "T01"})
SEES: dict[str, frozenset[str]] = {
    "clerk": frozenset({"S01", "U01"}),
    "head": frozenset({"S01", "U01"}),
    "lead": frozenset({"D06", "S01", "U01"}),
    "town": frozenset({"T01", "S01", "U01"}),
    "bureau": EVERY,
    "oversight": EVERY,
}
"""Whose purchases, receipts and declarations a column may see at all; nobody else sees any."""


def pdf(text: str) -> bytes:
    """A page that can be drawn; no two texts give the same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=True)
    canvas.drawString(100, 700, text)
    canvas.save()
    return buffer.getvalue()


def unit_of(column: str, relation: str) -> str:
    """The code of the unit whose record a row is about."""
    if relation == "foreign":
        return FOREIGN
    if relation == "under":
        return UNDER.get(column, "S01")
    return COLUMNS[column] or "S01"


def canary(code: str, what: str) -> str:
    return f"{what}{code}暗记"


@dataclass
class World:
    units: dict[str, Unit]
    clients: dict[str, Client]
    people: dict[str, User]
    made: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    files: list[bytes] = field(default_factory=list)
    _laid: int = 0
    _state: tuple[int, dict[str, str]] = (-1, {})
    serial: Any = field(default_factory=lambda: itertools.count(1))

    def object(self, kind: str, code: str, owner: str = "") -> Any:
        """The unit's record of that kind, "" for the unit itself; `owner`: whose it is, for PERSONAL kinds."""
        if not kind:
            return self.units[code]
        key = (kind, code, owner if kind in PERSONAL and owner in self.people else "")
        if key not in self.made:
            given: Any = self.person(owner, code) if kind in PERSONAL else self.units[code]
            self.made[key] = (PERSONAL | MAKERS)[kind](self, given)
        return self.made[key]

    def person(self, owner: str, code: str) -> User:
        """The column's person; without one, a clerk of the unit who is nobody's column."""
        if owner in self.people:
            return self.people[owner]
        username = f"clerk-{code}"
        found = User.objects.filter(username=username).first()
        return found or make_user(username, Role.CLERK, self.units[code])

    def state(self) -> dict[str, str]:
        """What the database holds now; taken again only when something was made since."""
        if self._state[0] != len(self.made):
            self._state = (len(self.made), state.dump())
        return self._state[1]

    def lay_files(self) -> None:
        """Put the receipts' bytes where every test finds an empty folder."""
        for data in self.files[self._laid :]:
            receipts.store(data, "application/pdf")
        self._laid = len(self.files)

    def begin(self, *, anew: bool = True) -> None:
        """A test begins: its folder is empty, and (`anew`) so are the tables of all that tests made."""
        self._laid = 0
        self._state = (-1, {})
        if anew:
            self.made.clear()
            self.files.clear()


def build() -> World:
    make_policy()
    units = {
        "D01": make_unit("D01", Kind.DEPARTMENT, "市商务局"),
        "D02": make_unit("D02", Kind.DEPARTMENT, "市对口支援办"),
        "D06": make_unit("D06", Kind.DEPARTMENT, "市教育局"),
        "D09": make_unit("D09", Kind.DEPARTMENT, "市档案局"),
        "T01": make_unit("T01", Kind.TOWN, "临江镇"),
        "T02": make_unit("T02", Kind.TOWN, "远山镇"),
    }
    city = {"affiliation": Affiliation.CITY}
    units["S01"] = make_unit(
        "S01", Kind.SCHOOL, "临江小学", supervisor=units["D06"], town=units["T01"], **city
    )
    units["U01"] = make_unit("U01", Kind.UNION, "临江小学工会", host=units["S01"])
    units["S02"] = make_unit("S02", Kind.SCHOOL, "远山民办小学", town=units["T02"])
    people, clients = {}, {"nobody": Client(raise_request_exception=False)}
    for column, code in COLUMNS.items():
        if column == "nobody":
            continue
        at = [units[code]] if code else []
        people[column] = make_user(column, ROLES.get(column, column), *at)
        clients[column] = Client(raise_request_exception=False)
        clients[column].force_login(people[column])
    people["bystander"] = make_user("bystander")
    bureau_clerk = make_user("bureau-clerk", Role.CLERK, units["D01"])
    assert bureau_clerk.pk
    return World(units, clients, people)


def _purchase(status: str) -> Callable[[World, Unit], Any]:
    def make(world: World, unit: Unit) -> Any:
        number = next(world.serial)
        data = pdf(f"{unit.code} {number}")
        world.files.append(data)
        day = f"2021-{1 + number % 12:02}-{1 + number // 12 % 28:02}"
        return make_purchase(
            unit,
            line("123.00", use=Use.OFFICE, product=canary(unit.code, "产品")),
            number=f"{canary(unit.code, '编号')}-{number}",
            date=day,
            supplier=canary(unit.code, "供应商"),
            status=status,
            receipt=data,
            name=canary(unit.code, "文件") + ".pdf",
        )

    return make


def _receipt(world: World, unit: Unit) -> Any:
    return world.object("purchase approved", unit.code).receipts.get()


def _receipt_of_a_submission(world: World, unit: Unit) -> Any:
    return world.object("purchase submitted", unit.code).receipts.get()


def _receipt_of_a_draft(world: World, unit: Unit) -> Any:
    return world.object("purchase draft", unit.code).receipts.get()


def _base(status: str) -> Callable[[World, Unit], Any]:
    """Each status in a year of its own, since a unit declares once a year."""

    def make(world: World, unit: Unit) -> Any:
        year = 2021 + [BaseStatus.FILED, BaseStatus.CONFIRMED, BaseStatus.RETURNED].index(BaseStatus(status))
        base: Any = make_base(
            unit,
            year,
            status=status,
            headcount=12,
            target="5.00",
            canteen=Canteen.OWN,
            canteen_budget="9000.00",
        )
        base.seen = bases.stamp(base)
        return base

    return make


def _policy_draft(world: World, unit: Unit) -> Any:
    """2022 as a draft, the same for every unit; `seen` is the mark that its forms carry."""
    draft = Policy.objects.filter(year=2022).first()
    draft = draft or policy_drafts.copy_policy(Policy.objects.get(year=2021), 2022, by=None)
    draft.seen = policies.edition(draft)  # type: ignore[attr-defined]
    return draft


def _locked_year(world: World, unit: Unit) -> YearLock:
    """2019, closed; nobody has asked to open it."""
    return YearLock.objects.get_or_create(
        year=2019, defaults={"locked_by": "bureau", "locked_at": timezone.now()}
    )[0]


def _opening(world: World, unit: Unit) -> Opening:
    """2020, closed, and the bureau's request to open it."""
    values = {"locked_by": "bureau", "locked_at": timezone.now()}
    YearLock.objects.get_or_create(year=2020, defaults=values)
    return Opening.objects.get_or_create(
        year=2020, version=1, defaults={"reason": "更正", "asked_by": "bureau", "asked_at": timezone.now()}
    )[0]


def _snapshot(world: World, unit: Unit) -> Snapshot:
    """Two versions of 2020 that hold what 2021 has come to."""
    world.object("purchase approved", unit.code)
    content = sealing.canonical(sealing.content_of(2021))
    for version in (1, 2):
        values = {"content": content, "digest": sealing.digest(content), "taken_at": timezone.now()}
        snapshot, _ = Snapshot.objects.get_or_create(year=2020, version=version, defaults=values)
    return snapshot


def _owner(world: World, unit: Unit) -> User:
    """Whose task or import a record of the unit is: the first person there, else one who is in no column."""
    column = next((column for column, code in COLUMNS.items() if code == unit.code), "bystander")
    return world.people[column]


def _token(world: World, person: User) -> ApiToken:
    until = timezone.now() + datetime.timedelta(days=1)
    return ApiToken.objects.create(user=person, name="平台", digest=f"digest of {person}", expires_at=until)


def _task(world: World, unit: Unit) -> Job:
    """Finished, with a file."""
    path = storages["work"].save("jobs/one", ContentFile(b"content"))
    return Job.objects.create(
        owner=_owner(world, unit),
        kind="test",
        title="任务",
        state=State.DONE,
        file=path,
        file_name="表.xlsx",
        kept_until=timezone.now(),
    )


def _import(world: World, unit: Unit) -> Import:
    """Looked through and to be confirmed."""
    data = f"采购编号\n{unit.code}\n".encode()
    world.files.append(data)
    return Import.objects.create(
        owner=_owner(world, unit),
        kind="purchases",
        file=receipts.store(data, "application/octet-stream"),
        name="采购.csv",
        state=ImportState.READY,
        digest="1",
    )


def _role(world: World, unit: Unit) -> Membership:
    return world.person("", unit.code).memberships.get()


def _session(world: World, person: User) -> LoginSession:
    key = f"key-of-{person.pk}"
    expires = timezone.now() + datetime.timedelta(hours=1)
    Session.objects.create(session_key=key, session_data="", expire_date=expires)
    return LoginSession.objects.create(user=person, key=key, started_at=timezone.now())


def _delegation(world: World, person: User) -> Delegation:
    today = timezone.localdate()
    colleague = make_user(f"colleague-{person.pk}")
    return Delegation.objects.create(giver=person, receiver=colleague, since=today, until=today)


def _record(world: World, unit: Unit) -> Any:
    """An activity of the unit; `number` is that of a purchase that may be linked to it."""
    content = Content(canary(unit.code, "产品"), datetime.date(2021, 5, 1), data={"sort": "展销会"})
    record: Any = records.create_record("activity", unit, content, by=None)
    record.number = world.object("purchase approved", unit.code).number
    return record


def _plan_task(world: World, unit: Unit) -> Any:
    """An open task of the unit."""
    first, last = datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)
    return records.create_record("task", unit, Content(canary(unit.code, "产品"), first, last), by=None)


def _milestone(world: World, unit: Unit) -> Any:
    day = datetime.date(2021, 6, 30)
    return milestones.add_milestone(world.object("plan task", unit.code), by=None, name="开工", due=day)


def _report(world: World, unit: Unit) -> Any:
    return reports.file_report(world.object("plan task", unit.code), Quarter(2021, 1), by=None, text="已开工")


def _outlet(world: World, unit: Unit) -> Any:
    """An open outlet of the unit; `origin` is a region (id) whose goods it sells."""
    content = Content(canary(unit.code, "产品"), datetime.date(2021, 5, 1), data={"sort": "专柜"})
    outlet: Any = records.create_record("outlet", unit, content, by=None)
    outlet.origin = Region.objects.get(name="布拖县").pk
    return outlet


def _record_linked(world: World, unit: Unit) -> Any:
    record = _record(world, unit)
    record.link = records.link(record, world.object("purchase approved", unit.code), by=None)
    return record


def _evidence(world: World, unit: Unit) -> Evidence:
    data = pdf(f"evidence {unit.code}")
    world.files.append(data)
    stored = receipts.store(data, "application/pdf")
    return Evidence.objects.create(record=_record(world, unit), file=stored, name=canary(unit.code, "文件"))


def _complaint(world: World, unit: Unit) -> Any:
    content = complaints.Content(
        "quality",
        canary(unit.code, "供应商"),
        datetime.date(2021, 6, 1),
        "发霉",
        canary(unit.code, "产品"),
        world.object("purchase approved", unit.code),
    )
    return complaints.file_complaint(unit, content, by=None)


def _inspection(world: World, unit: Unit) -> Any:
    """Of the unit's approved purchase, with one question."""
    return inspecting.open_inspection(
        unit,
        by=None,
        title=canary(unit.code, "产品"),
        deadline=timezone.localdate(),
        questions=["货在哪里"],
        purchase=world.object("purchase approved", unit.code),
    )


def _wish(world: World, unit: Unit) -> Any:
    inspection = world.object("inspection", unit.code)
    return revocations.ask(inspection, by=None, number=inspection.purchase.number, reason="货不对票")


def _scheme(world: World, unit: Unit) -> Any:
    """The same for every unit: everybody may apply."""
    found = Scheme.objects.filter(year=2021).first()
    days = {"opens": datetime.date(2021, 1, 1), "closes": datetime.date(2199, 12, 31)}
    values = {
        "name": "采购扶持",
        "rules": "凭票据申请",
        "clause": "第五部分（二）",
        "budget": Decimal("900.00"),
    }
    return found or Scheme.objects.create(year=2021, **values, **days)


def _story(state: str) -> Callable[[World, Unit], Any]:
    def make(world: World, unit: Unit) -> Any:
        """Its words may be known to all once it is published."""
        title = "土豆进食堂" if state == "published" else canary(unit.code, "产品")
        at = timezone.now() if state == "published" else None
        values = {"sort": "practice", "title": title, "text": "每周一次", "state": state}
        return Story.objects.create(unit=unit, published_at=at, **values)

    return make


def _picture(story: str) -> Callable[[World, Unit], Paper]:
    """Of a story of the unit; `story` is what makes it."""

    def make(world: World, unit: Unit) -> Paper:
        stored, case = _drawn(world), world.object(story, unit.code)
        return Paper.objects.create(story=case, file=stored, name=canary(unit.code, "文件"))

    return make


def _drawn(world: World) -> StoredFile:
    """A picture of its own colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (len(world.made), 0, 0)).save(buffer, "PNG")
    world.files.append(buffer.getvalue())
    return receipts.store(buffer.getvalue(), "image/png")


def _photo(world: World, unit: Unit) -> Evidence:
    record = world.object("record", unit.code)
    return Evidence.objects.create(record=record, file=_drawn(world), name=canary(unit.code, "文件"))


def _criterion(world: World, unit: Unit) -> Any:
    """Of 2021, the same for every unit: 市商务局 gives all points."""
    found = Criterion.objects.filter(table__year=2021).first()
    if found is None:
        scoring.save_criteria(2021, [Item("评定", "entered", 10000)], by=None)
    return found or Criterion.objects.get()


def _score_entry(world: World, unit: Unit) -> Any:
    criterion = _criterion(world, unit)
    return Entry.objects.create(criterion=criterion, unit=unit, points=100, reason="经验被推广")


def _application(state: str) -> Callable[[World, Unit], Any]:
    """With the unit's approved purchase as evidence; `number` is that of another."""

    def make(world: World, unit: Unit) -> Any:
        made: Any = Application.objects.create(
            scheme=_scheme(world, unit),
            unit=unit,
            title=canary(unit.code, "产品"),
            text="建基地",
            requested=Decimal("10.00"),
            granted=Decimal("10.00") if state == "approved" else None,
            state=state,
        )
        bought = _purchase(Status.APPROVED)
        made.link = ApplicationPurchase.objects.create(application=made, purchase=bought(world, unit))
        made.number = bought(world, unit).number
        return made

    return make


def _paper(field: str) -> Callable[[World, Unit], Paper]:
    """With the unit's own case of that sort."""

    def make(world: World, unit: Unit) -> Paper:
        data = pdf(f"{field} {unit.code}")
        world.files.append(data)
        stored = receipts.store(data, "application/pdf")
        case = {field: world.object(field, unit.code)}
        return Paper.objects.create(**case, file=stored, name=canary(unit.code, "文件"))

    return make


def _blacklisting(world: World, unit: Unit) -> Any:
    """About nobody's supplier: everybody may know of it."""
    name = f"某公司{next(world.serial)}"
    first, last = datetime.date(2021, 6, 1), datetime.date(2099, 12, 31)
    entry = blacklist.Entry(name, first, last, "以次充好", "第五部分（三）")
    return blacklist.add_to_blacklist(entry, by=None)


PERSONAL: dict[str, Callable[[World, User], Any]] = {
    "person": lambda world, person: person,
    "session": _session,
    "delegation": _delegation,
    "token": _token,
}
"""Records that belong to a person: own, the column's; under and foreign, those of clerks of such units."""


def _base_document(world: World, unit: Unit) -> Any:
    receipt = world.object("purchase approved", unit.code).receipts.get()
    return BaseEvidence.objects.create(
        base=world.object("base filed", unit.code), file=receipt.file, name=f"{canary(unit.code, '文件')}.pdf"
    )


MAKERS: dict[str, Callable[[World, Unit], Any]] = {
    "errand": lambda world, unit: Errand.objects.create(task="core.run_job", args=[0], dead=True),
    **{f"purchase {status.value}": _purchase(status) for status in Status},
    **{f"base {status}": _base(status) for status in ("filed", "confirmed", "returned")},
    "base document": _base_document,
    "receipt": _receipt,
    "record": _record,
    "plan task": _plan_task,
    "milestone": _milestone,
    "report": _report,
    "report paper": _paper("report"),
    "outlet": _outlet,
    "record linked": _record_linked,
    "evidence": _evidence,
    "photo": _photo,
    "complaint": _complaint,
    "complaint paper": _paper("complaint"),
    "blacklisting": _blacklisting,
    "inspection": _inspection,
    "inspection paper": _paper("inspection"),
    "question": lambda world, unit: world.object("inspection", unit.code).questions.get(),
    "question paper": _paper("question"),
    "wish": _wish,
    "scheme": _scheme,
    **{
        f"story {state}".removesuffix(" draft"): _story(state)
        for state in ("draft", "submitted", "published")
    },
    "story picture": _picture("story"),
    "published picture": _picture("story published"),
    "criterion": _criterion,
    "score entry": _score_entry,
    "application": _application("draft"),
    "application submitted": _application("submitted"),
    "application approved": _application("approved"),
    "application paper": _paper("application"),
    "task": _task,
    "import": _import,
    "policy draft": _policy_draft,
    "locked year": _locked_year,
    "opening": _opening,
    "snapshot": _snapshot,
    "receipt of a draft": _receipt_of_a_draft,
    "receipt of a submission": _receipt_of_a_submission,
    "role": _role,
    "role request": lambda world, unit: RoleRequest.objects.create(
        user=world.person("", unit.code), unit=unit, role=Role.HEAD, asked_by="sysadmin"
    ),
}
