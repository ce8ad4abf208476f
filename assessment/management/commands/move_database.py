"""`move_database`: the whole system into another, empty database, equal before and after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import transaction

from assessment.models import Policy
from cixi_xiezuo.backup import archive
from cixi_xiezuo.backup.crypt import Writer
from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.errors import Refused


class Command(BaseCommand):
    help = "把全部数据搬到另一个空的数据库（如 SQLite → PostgreSQL），搬后逐年比对；票据文件不动"
    usage = "move_database URL"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "url", metavar="URL", help="新数据库，如 postgresql://user:password@host:5432/name"
        )

    def handle(self, **options: Any) -> None:
        """Writers of an SQLite database wait meanwhile; with PostgreSQL stop web and worker first."""
        url = options["url"]
        with transaction.atomic(), tempfile.TemporaryDirectory() as scratch:
            written = archive.write(Path(scratch), list, Writer())
            self._there(url, "migrate", "--verbosity", "0")
            self.stdout.write(self._there(url, "restore", str(written.path)).strip())
            for year in Policy.objects.order_by("year").values_list("year", flat=True):
                if self._figures(None, year) != self._figures(url, year):
                    raise Refused(f"搬后 {year} 年度的数字与原来不同，请勿改用新数据库，并报告此事")
        self.stdout.write(self._there(url, "verify").strip())
        self.stdout.write("已搬完，各年度数字与原来一致。请把 DATABASE_URL 改为新数据库，再启动系统")

    def _figures(self, url: str | None, year: int) -> Any:
        return json.loads(self._there(url, "assess", str(year), "--json"))

    def _there(self, url: str | None, *arguments: str) -> str:
        """A command of this program, on the database of `url` or on this one."""
        environment = dict(os.environ) | ({"DATABASE_URL": url} if url else {})
        done = subprocess.run(
            [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *arguments],
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Refused(f"{arguments[0]} 没有成功：{(done.stderr or done.stdout).strip()[-2000:]}")
        return done.stdout
