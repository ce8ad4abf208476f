"""用户.xlsx → accounts and the roles asked for. A row is one role of one person; a person may have several rows.

Roles are asked for, not given: the security administrator decides. Passwords come with the slips (units.slips).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement.imports import cells
from procurement.imports.alone import alone
from procurement.imports.lookup import Units
from procurement.imports.plan import Plan
from procurement.imports.report import Problem, Report
from procurement.imports.sheet import Column, Read, Row, Tell, read
from procurement.imports.units import name
from units.accounts import rename_person, require_well_formed
from units.models import Membership, Role, RoleRequest, Unit, User
from units.roles import misfit, request_role
from units.scope import Scope
from units.slips import add_people

COLUMNS = (
    Column("用户名", cells.code, required=True, varied=True),
    Column("姓名", name(50), required=True, varied=True),
    Column("单位编码", cells.unit, required=True),
    Column("角色", cells.choice(Role), required=True),
)


class Asked(NamedTuple):
    """A role that a row asks for and that the person neither has nor waits for."""

    username: str
    unit: Unit
    role: str

    def __str__(self) -> str:
        return f"{self.unit} {Role(self.role).label}（待授权）"


class Person:
    """One person of the workbook: the account there is, or none; the name their rows agree on; what they ask for."""

    def __init__(self, row: Row, account: User | None, held: set[tuple[int, str]]) -> None:
        self.row, self.account, self.held = row.number, account, held
        self.username, self.name = row.get("用户名"), row.get("姓名")
        self.asked: list[Asked] = []

    @property
    def renamed(self) -> bool:
        return self.account is not None and self.account.display_name != self.name


def load_people(data: bytes, *, by: Any) -> Report:
    """Raises Rejected with every bad row; NotAllowed without the right."""
    sheet = read(data, COLUMNS, "用户")
    with alone():
        return plan_people(sheet, by=by).carry_out()


def plan_people(sheet: Read, *, by: Any) -> Plan:
    if by is not None and not Scope.of(by).has(Role.SYSTEM_ADMIN):
        raise NotAllowed("用户由系统管理员导入")
    plan = Plan("用户", notices=list(sheet.notices), problems=list(sheet.problems))
    units, known = Units(), _Known()
    people: dict[str, Person] = {}
    for row in sheet.rows:
        if not row.get("用户名") or not row.get("姓名"):
            continue
        key = row.get("用户名").casefold()
        if key not in people:
            people[key] = Person(row, *known.of(key))
            plan.problems += _wrong_name(row, people[key])
        unit, missing = units.find(row.number, "单位编码", row.get("单位编码"))
        plan.problems += missing
        if unit is not None and row.get("角色"):
            plan.problems += _ask(row, people[key], unit)
        if row.get("姓名") != people[key].name:
            said = f"与第 {people[key].row} 行同一用户名的姓名“{people[key].name}”不同，请核对"
            plan.problems.append(Problem(row.number, "姓名", row.get("姓名"), said))
    for person in people.values():
        _compare(plan, person)
    plan.store = partial(_store, list(people.values()), by=by)
    return plan


class _Known:
    """The accounts there are, with the roles they hold or wait for. Three queries."""

    def __init__(self) -> None:
        self._users = {user.username.casefold(): user for user in User.objects.all()}
        self._roles: dict[int, set[tuple[int, str]]] = {}
        for model in (Membership, RoleRequest):
            for user, unit, role in model._default_manager.values_list("user", "unit", "role"):
                self._roles.setdefault(user, set()).add((unit, role))

    def of(self, key: str) -> tuple[User | None, set[tuple[int, str]]]:
        user = self._users.get(key)
        return user, set(self._roles.get(user.pk, ())) if user else set()


def _wrong_name(row: Row, person: Person) -> list[Problem]:
    if person.account is not None:
        if person.account.username != person.username:
            said = f"已有用户“{person.account.username}”，用户名不能只有大小写不同"
        elif not person.account.is_active:
            said = "该用户已停用，请先在“用户”中启用"
        else:
            return []
        return [Problem(row.number, "用户名", person.username, said)]
    try:
        require_well_formed(person.username, person.name)
    except Refused as refused:
        return [Problem(row.number, "用户名", person.username, str(refused))]
    return []


def _ask(row: Row, person: Person, unit: Unit) -> list[Problem]:
    role = row.get("角色")
    if (unit.pk, role) in person.held:
        return []
    wrong = misfit(role, unit, {each for _, each in person.held})
    if not unit.active:
        wrong = f"单位“{unit}”已停用，不能授予角色"
    if wrong is not None:
        return [Problem(row.number, "角色", Role(role).label, wrong)]
    person.held.add((unit.pk, role))
    person.asked.append(Asked(person.username, unit, role))
    return []


def _compare(plan: Plan, person: Person) -> None:
    key, roles = f"{person.username} {person.name}", "、".join(map(str, person.asked))
    if person.account is None:
        plan.add_new(person.row, f"{key} {roles}", lambda: roles)
        return
    fields = [("姓名", person.account.display_name, person.name)] if person.renamed else []
    fields += [("角色", "", roles)] if roles else []
    if fields:
        plan.add_changed(person.row, person.username, tuple(fields))
    else:
        plan.add_same(key)


def _store(people: list[Person], *, by: Any, source: Mapping[str, Any], tell: Tell) -> None:
    tell("写入", 0, len(people))
    new = [(person.username, person.name) for person in people if person.account is None]
    accounts = {user.username: user for user in add_people(new, by=by)}
    for person in people:
        if person.account is not None:
            accounts[person.username] = person.account
        if person.renamed:
            rename_person(accounts[person.username], person.name, by=by)
        for asked in person.asked:
            request_role(accounts[person.username], asked.unit, asked.role, by=by)
    if any(person.account is None or person.renamed or person.asked for person in people):
        created = [username for username, _ in new]
        audit.record("导入用户", by=by, subject="用户", created=created, **source)
