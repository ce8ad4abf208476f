"""`account`: the first people of a new site, and help when no administrator can log in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.errors import Refused
from units import accounts, roles
from units.models import Role, Unit, User


class Command(BaseCommand):
    help = "用户：新建（并可授予角色），或重置密码；初始密码只显示一次"
    usage = "account add USERNAME NAME [--unit CODE --role ROLE] | account reset USERNAME"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", metavar="add|reset", choices=["add", "reset"], help="新建，或重置密码")
        parser.add_argument("username", metavar="USERNAME", help="用户名")
        parser.add_argument("name", metavar="NAME", nargs="?", default="", help="姓名（新建时）")
        parser.add_argument("--unit", metavar="CODE", help="单位编码（新建时）")
        parser.add_argument("--role", metavar="ROLE", choices=Role.values, help="、".join(Role.values))

    def handle(self, **options: Any) -> None:
        slip = self._add(**options) if options["verb"] == "add" else self._reset(options["username"])
        self.stdout.write(f"用户名 {slip.username}  姓名 {slip.name}  初始密码 {slip.password}")
        self.stderr.write("初始密码只显示这一次；首次登录须设定新密码")

    @transaction.atomic
    def _add(
        self, *, username: str, name: str, unit: str | None, role: str | None, **_: Any
    ) -> accounts.Slip:
        if bool(unit) != bool(role):
            raise Refused("单位和角色要么都给出，要么都不给")
        user, slip = accounts.create_person(username, name, by=None)
        if unit and role:
            found = Unit.objects.filter(code=unit).first()
            if found is None:
                raise Refused(f"没有编码为“{unit}”的单位")
            roles.grant_role(user, found, role, by=None)
        return slip

    def _reset(self, username: str) -> accounts.Slip:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise Refused(f"没有用户“{username}”")
        return accounts.reset_password(user, by=None)
