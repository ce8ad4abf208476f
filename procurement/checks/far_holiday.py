"""A holiday's gifts are bought around the holiday: within 45 days before or after it."""

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
        if away is None or abs(away) <= WINDOW:
            continue
        side = "前" if away < 0 else "后"
        yield Doubt(
            code="far_holiday",
            level=Level.WARN,
            message=(
                f"第 {line.position} 行：{date} 在{line.get_holiday_display()}{side} {abs(away)} 天，"
                f"相距超过 {WINDOW} 天，请核对节日"
            ),
            field="holiday",
            clause="第四部分（一）第二段",
            line=line.position,
        )
