"""`doctor`: is this installation sound, and what to do where it is not."""

from __future__ import annotations

from typing import Any

from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.doctor import examine
from cixi_xiezuo.errors import Refused

MARKS = {"ok": "✓", "warn": "！", "fail": "✗"}


class Command(BaseCommand):
    help = "检查安装：数据库、消息队列、后台进程、定时任务、存储、时钟、设置；说明哪里不对、怎么办"
    usage = "doctor"

    def handle(self, **options: Any) -> None:
        failed = 0
        for finding in examine():
            failed += finding.level == "fail"
            self.stdout.write(f"{MARKS[finding.level]} {finding.part}：{finding.words}")
            if finding.remedy:
                self.stdout.write(f"    → {finding.remedy}")
        if failed:
            raise Refused(f"有 {failed} 处需要处理，见上")
        self.stdout.write("安装正常")
