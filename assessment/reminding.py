"""催报 from a list: what is said, by what the list is about."""

from __future__ import annotations

from assessment.models import Rule
from units.deadlines import days_late, deadline_of

BASES = "bases"
SIGN = "如有疑问，请与我们联系。"


def title(about: str, year: int, rules: dict[str, Rule]) -> str:
    return f"请填报 {year} 年度基数" if about == BASES else f"请抓紧完成 {year} 年度{rules[about].title}"


def wording(about: str, year: int, rules: dict[str, Rule]) -> str:
    """The text proposed; whoever reminds may change it."""
    if about == BASES:
        day = deadline_of(year)
        late = days_late(day)
        when = f"已于 {day} 截止，逾期 {late} 天" if late else f"将于 {day} 截止"
        return f"{year} 年度基数填报{when}，贵单位尚未填报。请登录系统，在“年度基数”中填报并提交。{SIGN}"
    rule = rules[about]
    if about == "union_welfare_cap":
        return f"贵单位 {year} 年工会福利采购已接近或超过限额（{rule.clause}）。请在“我的单位”中核对，并合理安排后续采购。{SIGN}"
    return (
        f"贵单位 {year} 年“{rule.title}”尚未达标（{rule.clause}）。请在“我的单位”中查看还差的金额，"
        f"尽早安排采购，并及时上传票据登记。{SIGN}"
    )
