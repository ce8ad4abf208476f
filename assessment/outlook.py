"""By which holiday or month at the present pace: one plain sentence for a figure that is still to be reached."""

from __future__ import annotations

import datetime

from assessment.pace import pace
from assessment.rules.standing import Status
from cixi_xiezuo.money import from_fen, yuan_display
from procurement import holidays
from procurement.choices import Holiday

BY_HOLIDAY = "union_holiday_share"
"""Bought for holidays, so the day is told by the next one."""


def sentence(
    rule: str,
    year: int,
    as_of: datetime.date,
    *,
    done: int,
    was: Status,
    value: int,
    gap: int | None,
    status: Status,
) -> str:
    """`done` by `as_of` (status `was`) is the pace; `value`, `gap`, `status` are what is asked about, 分.

    What `value` has beyond `done` is bought once; only `done` goes on evenly. "" where nothing is to be said.
    """
    once = value - done
    if status == Status.MET:
        return "已经达到" if was == Status.MET else "这样就达到了"
    if status == Status.EXCEEDED:
        return "已经超出限额"
    if gap is None or status not in (Status.IN_PROGRESS, Status.WITHIN):
        return ""
    if as_of.year < year or done <= 0:
        return "今年还没有采购，看不出进度" if status == Status.IN_PROGRESS else ""
    if status == Status.WITHIN:
        return _cap(year, as_of, done, once, value + gap)
    needed = value + gap
    ahead = pace(year, as_of, done, needed - once)
    if ahead.reached_on is not None:
        return f"按目前进度，{_by(rule, ahead.reached_on)}达到"
    end = ahead.expected + once
    return f"按目前进度，到年底约 {_yuan(end)} 元，还差 {_yuan(needed - end)} 元"


def _cap(year: int, as_of: datetime.date, done: int, once: int, cap: int) -> str:
    ahead = pace(year, as_of, done, cap + 1 - once)
    if ahead.reached_on is not None:
        return f"按目前进度，约 {ahead.reached_on.month} 月超出限额"
    return f"按目前进度，全年约 {_yuan(ahead.expected + once)} 元，不会超出限额"


def _by(rule: str, day: datetime.date) -> str:
    coming = [(date, each) for each in Holiday if (date := holidays.day_of(each, day.year)) and date >= day]
    if rule == BY_HOLIDAY and coming:
        date, holiday = min(coming)
        return f"到{holiday.label}（{date.month}月{date.day}日）可"
    return f"约 {day.month} 月"


def _yuan(fen: int) -> str:
    return yuan_display(from_fen(fen))
