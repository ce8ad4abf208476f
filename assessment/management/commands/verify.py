"""`verify`: the sums are what the lines add up to, receipts their hashes, chain and snapshots whole; and what other apps kept at 封账."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from assessment import sealing
from cixi_xiezuo import audit
from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.parts import modules
from cixi_xiezuo.snapshot import snapshot
from procurement import receipts, tallies

PARTS: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
    ("合计与明细", tallies.differences),
    ("票据文件", receipts.damaged_files),
    ("审计链", audit.broken_links),
    ("封账快照", sealing.broken_snapshots),
)


class Command(BaseCommand):
    help = "核对：合计等于明细重算，票据文件等于其校验值，审计链完整，封账快照未变"
    usage = "verify"

    def handle(self, **options: Any) -> None:
        with snapshot():  # what others store meanwhile is no difference
            parts = [*PARTS, *(part for app in modules("closing") for part in app.KEPT)]
            total = sum(self._part(name, problems()) for name, problems in parts)
        if total:
            raise Refused(f"核对发现 {total} 处问题，请按上列逐条处理")

    def _part(self, name: str, problems: Iterator[str]) -> int:
        """Print a part's problems and a line for the part; returns how many there are."""
        count = 0
        for problem in problems:
            self.stdout.write(problem)
            count += 1
        self.stdout.write(f"{name}：{f'发现 {count} 处问题' if count else '一致'}")
        return count
