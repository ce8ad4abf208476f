"""`backup`: everything that must not be lost, as of one moment, while the system runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from cixi_xiezuo.backup import archive, history
from cixi_xiezuo.backup.crypt import Writer, read_key
from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.errors import Refused
from procurement import receipts


class Command(BaseCommand):
    help = "备份：数据库与票据文件，带校验值；系统照常运行，票据文件只存一次"
    usage = "backup FOLDER [--public-key-file FILE] [--keep N]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="存放各次备份的目录")
        parser.add_argument("--public-key-file", metavar="FILE", help="age 公钥文件，给出则加密")
        parser.add_argument("--keep", metavar="N", type=int, default=0, help="只留最近 N 份；不给则全部保留")

    def handle(self, **options: Any) -> None:
        if options["keep"] < 0:
            raise Refused("--keep 应为 1 或更大的数")
        key = read_key(options["public_key_file"]) if options["public_key_file"] else ""
        folder: Path = options["folder"]
        try:
            written = archive.write(folder, receipts.paths, Writer(key))
            removed = archive.prune(folder, options["keep"])
        except OSError as error:
            raise Refused(f"写不了备份：{error.strerror or error}（{error.filename or folder}）") from error
        self.stdout.write(
            f"已备份到 {written.path}：数据 {written.rows} 行，票据文件 {written.files} 个（新增 {written.new_files} 个）"
        )
        history.note(written, encrypted=bool(key))
        if removed:
            self.stdout.write(f"已删去较早的 {removed} 份备份")
