"""What may be done to a milestone from its task's page, by whoever may change the task."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from initiatives.acting import Act, ActForm, NothingForm, ReasonForm
from initiatives.lights import Light, light_of, today
from initiatives.progress import milestones
from initiatives.progress.forms import DoneForm, MilestoneForm
from initiatives.progress.models import Milestone


def _is_open(user: Any, milestone: Milestone) -> bool:
    return milestone.done_on is None


def _is_done(user: Any, milestone: Milestone) -> bool:
    return milestone.done_on is not None


def _values(milestone: Milestone) -> dict[str, Any]:
    return {"name": milestone.name, "due": milestone.due}


def _now(milestone: Milestone) -> dict[str, Any]:
    return {"done_on": timezone.localdate()}


MILESTONE = (
    Act("reach", "完成", milestones.reach_milestone, _is_open, DoneForm, "里程碑已完成", initial=_now),
    Act(
        "change",
        "修改",
        milestones.change_milestone,
        _is_open,
        MilestoneForm,
        "已修改里程碑",
        initial=_values,
    ),
    Act("remove", "删除", milestones.remove_milestone, _is_open, NothingForm, "已删除里程碑"),
    Act("reopen", "重开", milestones.reopen_milestone, _is_done, ReasonForm, "已重开里程碑"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A milestone as its task's page shows it: `forms` are (act, form) that the person may send."""

    milestone: Milestone
    light: Light | None
    forms: list[tuple[Act, ActForm]]


def shown(rows: Iterable[Milestone], user: Any, *, changing: bool) -> list[Shown]:
    """`changing`: may the person change the task, and is it open?"""
    return [
        Shown(
            each,
            None if each.done_on else light_of(each.due, today()),
            [
                (act, act.form(act=f"{act.name}-{each.pk}", initial=act.initial(each)))
                for act in MILESTONE
                if changing and act.may(user, each)
            ],
        )
        for each in rows
    ]
