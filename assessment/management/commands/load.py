"""Load data: reference, demo, or one of the workbooks of FORMATS.md. Prints a count line; all or nothing."""

from __future__ import annotations

import argparse
import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cixi_xiezuo.errors import Refused
from procurement.imports import Report, cells, load_bases, load_purchases, load_units

KINDS = {"units": "单位", "bases": "年度基数", "purchases": "采购"}


class Parser(CommandParser):
    """Says in Chinese what is missing, and ends with 1 like every other refusal."""

    def error(self, message: str) -> Any:
        raise CommandError(
            "用法：manage.py load reference | demo | units 文件.xlsx | bases 文件.xlsx | purchases 文件.xlsx"
            f"（{message}）"
        )


class Command(BaseCommand):
    help = "装载：reference（产地与 2021 政策）、demo（演示数据）、units / bases / purchases 工作簿"

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = Parser(prog=f"{Path(prog_name).name} {subcommand}", description=self.help, **kwargs)
        self.add_base_argument(parser, "-v", "--verbosity", default=1, type=int, choices=[0, 1, 2, 3])
        self.add_base_argument(parser, "--traceback", action="store_true", help=argparse.SUPPRESS)
        self.add_base_argument(parser, "--no-color", action="store_true", help=argparse.SUPPRESS)
        self.add_base_argument(parser, "--force-color", action="store_true", help=argparse.SUPPRESS)
        self.add_base_argument(parser, "--skip-checks", action="store_true", help=argparse.SUPPRESS)
        self.add_base_argument(parser, "--settings", help=argparse.SUPPRESS)
        self.add_base_argument(parser, "--pythonpath", help=argparse.SUPPRESS)
        self.add_arguments(parser)
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["reference", "demo", *KINDS])
        parser.add_argument("file", nargs="?", help="工作簿（.xlsx）")
        parser.add_argument("--since", help="units：所属关系从何日起生效；不给即为更正，自始生效")
        parser.add_argument("--logins", action="store_true", help="demo：列出演示账号")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "reference":
                self.stdout.write(str(import_module("assessment.reference").load_reference()))
            elif options["what"] == "demo":
                self._demo(logins=options["logins"])
            else:
                self._workbook(options["what"], options["file"], options["since"])
        except Refused as error:
            raise CommandError(str(error)) from error

    def _demo(self, *, logins: bool) -> None:
        demo = import_module("assessment.demo")
        if not logins:
            self.stdout.write(str(demo.load_demo()))
        for role, username, password, name in demo.logins():
            self.stdout.write(f"{role}\t{username}\t{password}\t{name}")

    def _workbook(self, what: str, file: str | None, since_text: str | None) -> None:
        if not file:
            raise CommandError(
                f"请给出{KINDS[what]}工作簿的路径，如：manage.py load {what} {KINDS[what]}.xlsx"
            )
        try:
            data = Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"读不到文件 {file}（{error.strerror}），请核对路径") from error
        since = self._since(since_text, what)
        report: Report
        if what == "units":
            report = load_units(data, by=None, since=since)
        elif what == "bases":
            report = load_bases(data, by=None)
        else:
            report = load_purchases(data, by=None)
        for notice in report.notices:
            self.stderr.write(f"提示：{notice}")
        self.stdout.write(str(report))

    def _since(self, text: str | None, what: str) -> datetime.date | None:
        if text is None:
            return None
        if what != "units":
            raise CommandError("--since 只用于 load units")
        try:
            return cells.date(text)
        except ValueError as error:
            raise CommandError(f"--since {text}：{error}") from error
