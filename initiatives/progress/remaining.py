"""What of a task is still open, which stands in the way of closing it."""

from __future__ import annotations

from cixi_xiezuo.errors import Refused
from initiatives.kinds import KINDS
from initiatives.models import Record

SHOWN = 3


def require_nothing_open(record: Record, doing: str, *, milestones: bool) -> None:
    """Refused, naming what is left, while a sub-task is open; of a task that is finished a milestone too."""
    open_state = KINDS[record.kind].first
    for label, names in (
        ("子任务", record.children.filter(state=open_state).values_list("title", flat=True)),
        ("里程碑", record.milestones.filter(done_on=None).values_list("name", flat=True)),
    ):
        left = list(names) if milestones or label == "子任务" else []
        if left:
            some = "、".join(f"“{name}”" for name in left[:SHOWN]) + ("等" if len(left) > SHOWN else "")
            raise Refused(f"还有 {len(left)} 个{label}没有完成（{some}），不能{doing}，请先逐一办结")


def require_open_parent(record: Record) -> None:
    parent = record.parent
    if parent is not None and parent.state != KINDS[parent.kind].first:
        raise Refused(f"上级任务“{parent}”不在进行中，请先重新进行上级任务")
