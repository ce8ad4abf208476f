"""`metrics`: what /metrics tells, for a machine that has workers alone."""

from __future__ import annotations

from typing import Any

from cixi_xiezuo import measures
from cixi_xiezuo.commands import Command as BaseCommand


class Command(BaseCommand):
    help = (
        "输出本机各进程的运行指标（Prometheus 文本格式），供没有网站进程的机器写入 node exporter 的文本文件夹"
    )
    usage = "metrics"

    def handle(self, **options: Any) -> None:
        self.stdout.write(measures.text().decode(), ending="")
