"""A holiday's gifts are bought before the holiday: within the 45 days up to it."""

from __future__ import annotations

from collections.abc import Iterator

from procurement.checks.base import Doubt, Level, Subject
from procurement.choices import Holiday, Use
from procurement.holidays import days_from

WINDOW = 45


def find(subject: Subject) -> Iterator[Doubt]:
    date = subject.purchase.date
    if date is None:
        return
    days = subject.terms.days if subject.terms else {}
    for line in subject.lines:
        if line.use != Use.UNION_HOLIDAY or not line.holiday:
            continue
        away = days_from(Holiday(line.holiday), date, days)
        if away is None or -WINDOW <= away <= 0:
            continue
        where = f"前 {-away} 天，早于 {WINDOW} 天" if away < 0 else f"后 {away} 天，节日已过"
        yield Doubt(
            code="far_holiday",
            level=Level.WARN,
            message=(f"第 {line.position} 行：{date} 在{line.get_holiday_display()}{where}，请核对节日"),
            field="holiday",
            clause="第四部分（一）第二段",
            line=line.position,
        )
