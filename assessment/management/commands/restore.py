"""`restore`: a backup put back into an empty database and an empty store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from cixi_xiezuo.backup.archive import Backup
from cixi_xiezuo.backup.crypt import read_key
from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.errors import Refused


class Command(BaseCommand):
    help = "恢复：先核对整份备份，再写入空的数据库与票据目录；SQLite 与 PostgreSQL 的备份可互相恢复"
    usage = "restore FOLDER [--key-file FILE] [--check]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", metavar="FOLDER", type=Path, help="一份备份的目录，如 backups/20211231-235900"
        )
        parser.add_argument("--key-file", metavar="FILE", help="age 私钥文件，备份加密时要给")
        parser.add_argument("--check", action="store_true", help="只核对备份是否完好，不写任何东西")

    def handle(self, **options: Any) -> None:
        key = read_key(options["key_file"]) if options["key_file"] else ""
        try:
            backup = Backup(options["folder"], key)
            if options["check"]:
                backup.check()
                self.stdout.write(f"备份完好：{options['folder']}")
                return
            rows, files = backup.restore()
        except OSError as error:
            raise Refused(f"恢复没有完成：{error.strerror or error}（{error.filename or ''}）") from error
        self.stdout.write(f"已恢复：数据 {rows} 行，票据文件 {files} 个；请运行 verify 核对")
