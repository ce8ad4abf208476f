"""`workbook YEAR -o FILE.xlsx`: the year's assessment workbook. The file appears whole or not at all."""

from __future__ import annotations

import datetime
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from assessment import workbook
from cixi_xiezuo import audit
from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.commands import add_as_of, add_year
from cixi_xiezuo.errors import Refused


class Command(BaseCommand):
    help = "导出某年度的考核工作簿"
    usage = "workbook YEAR [--as-of DATE] -o FILE.xlsx"

    def add_arguments(self, parser: CommandParser) -> None:
        add_year(parser)
        add_as_of(parser)
        parser.add_argument("-o", "--output", metavar="FILE.xlsx", required=True, help="写到哪个文件")

    def handle(self, *, year: int, as_of: datetime.date | None, output: str, **options: Any) -> None:
        path = Path(output)
        if path.suffix.lower() != ".xlsx":
            raise Refused(f"输出文件应以 .xlsx 结尾，不能是“{output}”")
        if path.is_dir():
            raise Refused(f"“{output}”是文件夹，请给出文件名")
        try:
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".xlsx")
        except OSError as error:
            raise Refused(
                f"不能在文件夹“{path.parent}”中写文件（{REASONS.get(error.errno or 0, error.strerror)}）"
            ) from error
        try:
            with os.fdopen(handle, "wb") as file:
                source = workbook.write(file, year, as_of)
            os.chmod(name, 0o666 & ~umask())
            os.replace(name, path)
        except OSError as error:
            raise Refused(
                f"写文件“{output}”失败（{REASONS.get(error.errno or 0, error.strerror)}）"
            ) from error
        finally:
            Path(name).unlink(missing_ok=True)
        self.notice_policy(year, source.standing.policy.year)
        with transaction.atomic():
            audit.record(
                "导出", by=None, subject=f"{year} 年度考核工作簿", as_of=source.standing.as_of.isoformat()
            )
        self.stdout.write(f"已写入 {path}（截止 {source.standing.as_of}）")


REASONS = {
    2: "文件夹不存在",
    13: "没有权限",
    20: "路径中有一段不是文件夹",
    28: "磁盘已满",
    30: "文件系统只读",
    36: "文件名过长",
}
"""What an operating system's error numbers mean."""


def umask() -> int:
    """The process's own, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
