"""Load data: reference, demo, a policy, or a workbook of any kind that can be imported. All or nothing."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from assessment.policies import load_policy
from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.commands import sentence_of
from cixi_xiezuo.dates import parse_date
from cixi_xiezuo.errors import Refused
from procurement.imports import Report, load_bases, load_people, load_purchases, load_units

WORKBOOKS = {"units": "单位", "bases": "年度基数", "purchases": "采购", "people": "用户"}
FILES = {**{what: f"{name}.xlsx" for what, name in WORKBOOKS.items()}, "policy": "政策.json"}


class Command(BaseCommand):
    help = "装载：reference（产地与 2021 政策）、demo（演示数据）、policy 政策文件，或 units / bases / purchases / people 工作簿"
    usage = (
        "load reference | demo | units FILE.xlsx | bases FILE.xlsx | purchases FILE.xlsx | people FILE.xlsx"
        " | policy FILE.json"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["reference", "demo", *FILES], metavar="WHAT")
        parser.add_argument("file", nargs="?", metavar="FILE", help="工作簿（.xlsx）或政策文件（.json）")
        parser.add_argument(
            "--since",
            metavar="DATE",
            type=sentence_of(parse_date),
            help="units：所属关系从何日起；不给即为自始更正",
        )
        parser.add_argument("--logins", action="store_true", help="demo：只列出演示账号")

    def handle(self, **options: Any) -> None:
        what = options["what"]
        if options["since"] and what != "units":
            raise Refused("--since 只用于 load units")
        if what == "reference":
            self.stdout.write(str(import_module("assessment.reference").load_reference()))
        elif what == "demo":
            self._demo(logins=options["logins"])
        else:
            self._file(what, options)

    def _demo(self, *, logins: bool) -> None:
        demo = import_module("assessment.demo")
        if not logins:
            self.stdout.write(str(demo.load_demo()))
        for role, username, password, name in demo.logins():
            self.stdout.write(f"{role}\t{username}\t{password}\t{name}")

    def _file(self, what: str, options: dict[str, Any]) -> None:
        file = options["file"]
        if not file:
            raise Refused(f"请给出文件的路径，如：python manage.py load {what} {FILES[what]}")
        path = Path(file)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Refused(f"读不到文件 {file}，请核对路径和读取权限") from error
        report: Report
        if what == "policy":
            report = load_policy(path)
        elif what == "units":
            report = load_units(data, by=None, since=options["since"])
        elif what == "bases":
            report = load_bases(data, by=None)
        elif what == "people":
            report = load_people(data, by=None)
        else:
            report = load_purchases(data, by=None)
        for notice in report.notices:
            self.notice(f"提示：{notice}")
        self.stdout.write(str(report))
