"""A person a role, and of two offices that the plan names. The password is public, so they exist only where DEMO is set."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from assessment.demo.data import World
from units.models import Membership, Role, Unit, User
from units.passwords import DEMO_PASSWORD

PASSWORD = DEMO_PASSWORD


class Person(NamedTuple):
    username: str
    name: str
    role: Role
    unit: str


PEOPLE = (
    Person("clerk", "演示经办人", Role.CLERK, "S01"),
    Person("head", "演示负责人", Role.HEAD, "S01"),
    Person("lead", "演示主管审核", Role.LEAD, "D06"),
    Person("town", "演示镇街审核", Role.TOWN, "T01"),
    Person("bureau", "演示商务局审核", Role.BUREAU, "D01"),
    Person("oversight", "演示支援办督促", Role.OVERSIGHT, "D02"),
    Person("finance", "演示财政经办人", Role.CLERK, "D03"),
    Person("market", "演示市监经办人", Role.CLERK, "D14"),
    Person("sysadmin", "演示系统管理员", Role.SYSTEM_ADMIN, "D01"),
    Person("secadmin", "演示安全管理员", Role.SECURITY_ADMIN, "D09"),
    Person("auditor", "演示审计员", Role.AUDITOR, "D09"),
)


def create_people(units: dict[str, Unit]) -> dict[str, User]:
    """By user name."""
    password = make_password(PASSWORD)
    users = {
        person.username: User.objects.create(
            username=person.username, display_name=person.name, password=password
        )
        for person in PEOPLE
    }
    Membership.objects.bulk_create(
        Membership(user=users[person.username], unit=units[person.unit], role=person.role)
        for person in PEOPLE
    )
    return users


def described(world: World) -> list[tuple[str, str, str, str]]:
    """(role, user name, password, who) for each person."""
    return [
        (person.role.label, person.username, PASSWORD, f"{person.name}（{world.units[person.unit].name}）")
        for person in PEOPLE
    ]
