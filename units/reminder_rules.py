"""Who is reminded when: a few rules with a number of days each, set by the bureau."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models, transaction

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused

MOST = 365  # days


class ReminderKind(models.TextChoices):
    BASE = "base", "年度基数逾期未报"
    RETURNED = "returned", "退回的采购没有改"
    PACE = "pace", "节日临近，节日慰问占比未达标"
    QUEUE = "queue", "待审核积压"
    INSPECTION = "inspection", "督查逾期未办"
    PROGRESS = "progress", "季度进展逾期未报"


class Usual(NamedTuple):
    days: int
    words: str
    whom: str


USUAL: dict[str, Usual] = {
    ReminderKind.BASE: Usual(1, "填报截止日过后满几天", "经办人、单位负责人"),
    ReminderKind.RETURNED: Usual(7, "退回后满几天", "经办人、单位负责人"),
    ReminderKind.PACE: Usual(15, "节日前几天以内", "工会经办人、单位负责人"),
    ReminderKind.QUEUE: Usual(5, "提交后满几天", "审核人"),
    ReminderKind.INSPECTION: Usual(1, "期限过后满几天", "被督查单位经办人、负责人，市对口支援办"),
    ReminderKind.PROGRESS: Usual(1, "报送期限过后满几天", "牵头单位经办人、负责人"),
}
"""What holds until the bureau says otherwise."""


class ReminderRule(models.Model):
    """A rule that the bureau has set; where there is none, the usual one holds."""

    kind = models.CharField("提醒", max_length=16, choices=ReminderKind.choices, unique=True)
    days = models.PositiveSmallIntegerField("天数")
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "提醒规则"


class Rule(NamedTuple):
    """A rule as it holds."""

    kind: str
    days: int
    active: bool

    @property
    def label(self) -> str:
        return ReminderKind(self.kind).label

    @property
    def words(self) -> str:
        return USUAL[self.kind].words

    @property
    def whom(self) -> str:
        return USUAL[self.kind].whom


def rules() -> dict[str, Rule]:
    """All of them, in one query."""
    known = {row.kind: row for row in ReminderRule.objects.all()}
    return {
        kind: Rule(kind, known[kind].days, known[kind].active)
        if kind in known
        else Rule(kind, usual.days, True)
        for kind, usual in USUAL.items()
    }


@transaction.atomic
def set_rules(wanted: dict[str, tuple[int, bool]], *, by: Any) -> None:
    """设定提醒规则: kind → (days, active). Raises Refused for days out of 1 to MOST."""
    from units.models import Role
    from units.scope import Scope

    if by is not None and not Scope.of(by).has(Role.BUREAU):
        raise NotAllowed("提醒规则由市商务局设定")
    before = rules()
    for kind, (days, active) in wanted.items():
        label = ReminderKind(kind).label
        if not 1 <= days <= MOST:
            raise Refused(f"“{label}”的天数应在 1 到 {MOST} 之间，不能是 {days}")
        if before[kind] == Rule(kind, days, active):
            continue
        ReminderRule.objects.update_or_create(kind=kind, defaults={"days": days, "active": active})
        was = before[kind]
        audit.record(
            "设定提醒规则",
            by=by,
            subject=label,
            before={"days": was.days, "active": was.active},
            after={"days": days, "active": active},
        )
