"""What the commands of the command line share: bad input is one Chinese sentence on standard error, exit 1.

A command subclasses `Command`, says its `usage` in one line, and raises `Refused` for what it cannot do.
JSON and results go to standard output; notices and progress to standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.utils import OperationalError, ProgrammingError

from cixi_xiezuo.dates import parse_date, parse_year
from cixi_xiezuo.errors import Refused

ARGPARSE = (
    (r"the following arguments are required: (.*)", "缺少参数：{}"),
    (r"one of the arguments (.*) is required", "缺少参数，应给出其中之一：{}"),
    (r"unrecognized arguments: (.*)", "不认识的参数：{}"),
    (r"argument (.*): expected at least one argument", "参数 {} 后面至少要有一个值"),
    (r"argument (.*): expected one argument", "参数 {} 后面要有一个值"),
    (r"argument (.*): expected (\d+) arguments?", "参数 {} 后面要有 {} 个值"),
    (r"argument (.*): invalid choice: '?(.*?)'? \(choose from (.*)\)", "参数 {} 不能是“{}”，应为 {} 之一"),
    (r"argument (.*): ignored explicit argument '(.*)'", "参数 {} 后面不能跟值“{}”"),
    (r"ambiguous option: (.*) could match (.*)", "参数 {} 不明确，可能是 {}"),
    (r"argument (.*): invalid .* value: '(.*)'", "参数 {} 的值“{}”不正确"),
)
"""What argparse says in English, and the sentence that takes its place."""


def in_chinese(message: str) -> str:
    for pattern, sentence in ARGPARSE:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return sentence.format(*match.groups())
    return re.sub(r"^argument [^:]*: ", "", message)


class Parser(CommandParser):
    """Says in Chinese what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        text = in_chinese(message) + (f"。用法：{self.usage}" if self.usage else "")
        raise Refused(text) if self.called_from_command_line else CommandError(text)


def sentence_of(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """An argparse type from a parser that raises ValueError with a Chinese sentence."""

    def read(text: str) -> Any:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def add_year(parser: CommandParser) -> None:
    parser.add_argument("year", metavar="YEAR", type=sentence_of(parse_year), help="年度，如 2021")


def add_as_of(parser: CommandParser) -> None:
    parser.add_argument(
        "--as-of", metavar="DATE", type=sentence_of(parse_date), help="截止日，如 2021-06-30；不给则为今天"
    )


def add_json(parser: CommandParser) -> None:
    parser.add_argument("--json", action="store_true", help="只输出 JSON")


class Command(BaseCommand):
    """Base of the product's commands. `usage`: the arguments as the manual writes them."""

    usage = ""
    _from_shell = False
    requires_system_checks: Any = []  # a command on data has no need of the pages' configuration

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        usage = f"python manage.py {self.usage}" if self.usage else None
        parser = super().create_parser(prog_name, subcommand, usage=usage, **kwargs)
        parser.__class__ = Parser
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """As the program: every refusal ends in a sentence and exit 1; `--traceback` shows what lies behind."""
        self._from_shell = True
        try:
            super().run_from_argv(argv)
        except (Refused, OperationalError, ProgrammingError) as error:
            if "--traceback" in argv:
                raise
            self.stderr.write(sentence(error), plain)
            sys.exit(1)
        except BrokenPipeError:  # whoever read our output has gone
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Called from Python, a refusal is a CommandError with the same sentence."""
        try:
            return super().execute(*args, **options)
        except Refused as error:
            if self._from_shell:
                raise
            raise CommandError(str(error)) from error

    def notice(self, text: str) -> None:
        self.stderr.write(text, plain)

    def print_json(self, value: object) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=1))

    def notice_policy(self, year: int, policy_year: int) -> None:
        if policy_year != year:
            self.notice(f"注意：{year} 年度没有自己的政策，按 {policy_year} 年度政策计算")


def sentence(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return f"数据库无法使用：{reason}。请检查 DATABASE_URL，新库请先运行 python manage.py migrate"


def plain(text: str) -> str:
    """No colour: what a person reads may also be kept in a file."""
    return text
