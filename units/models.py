"""Who takes part: units and their links, people and their roles, the year's declared bases."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cixi_xiezuo.money import MoneyField
from units.deadlines import BaseDeadline
from units.delegation import Delegation
from units.kinds import Affiliation, Canteen, Kind
from units.message import Message
from units.organising import Organising
from units.reminder_rules import ReminderRule
from units.sessions import LoginSession
from units.token import ApiToken
from units.years import YearLock

__all__ = [
    "ApiToken",
    "BaseDeadline",
    "BaseStatus",
    "Delegation",
    "LoginSession",
    "Membership",
    "Message",
    "Organising",
    "ReminderRule",
    "Role",
    "RoleRequest",
    "Unit",
    "UnitLink",
    "User",
    "YearBase",
    "YearLock",
]

BEGINNING = datetime.date(1, 1, 1)
"""The day from which a unit's first links hold."""


class Links(models.Model):
    """Where a unit belongs: by trade, by place, and, for a union, to which unit."""

    supervisor = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主管部门"
    )
    town = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在镇街"
    )
    host = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属单位"
    )
    affiliation = models.CharField("隶属层级", max_length=8, choices=Affiliation.choices, blank=True)

    class Meta:
        abstract = True


class Unit(Links):
    """Whoever buys. The links here are today's; `UnitLink` keeps which held when."""

    code = models.CharField("单位编码", max_length=32, unique=True)
    name = models.CharField("单位名称", max_length=100, db_index=True)
    kind = models.CharField("单位类别", max_length=16, choices=Kind.choices, db_index=True)
    uscc = models.CharField("统一社会信用代码", max_length=20, blank=True, db_index=True)
    duties = models.TextField("职责", blank=True)
    canteen_operator = models.CharField("食堂承包单位", max_length=100, blank=True)
    canteen_operator_uscc = models.CharField("食堂承包单位统一社会信用代码", max_length=20, blank=True)
    canteen_operator_since = models.DateField("承包起始日", null=True, blank=True)
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = "单位"
        constraints = [
            models.CheckConstraint(
                condition=Q(host__isnull=True) | Q(kind=Kind.UNION), name="unit_host_only_for_a_union"
            ),
            models.CheckConstraint(
                condition=Q(host__isnull=True) | ~Q(host=F("id")), name="unit_is_not_its_own_host"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitLink(Links):
    """The links of a unit from a day on, until the next row's day."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="link_history")
    since = models.DateField("自", default=BEGINNING)

    class Meta:
        ordering = ["unit_id", "since"]
        constraints = [models.UniqueConstraint(fields=["unit", "since"], name="unit_link_once_a_day")]

    @property
    def from_the_beginning(self) -> bool:
        return self.since == BEGINNING


class User(AbstractUser):
    """A person who logs in. What they may see and do comes from their memberships alone.

    `epoch` goes up when their roles change: every session begun before ends with the next request.
    """

    display_name = models.CharField("姓名", max_length=50, blank=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_set_at = models.DateTimeField("密码设定时间", null=True, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    enabled_at = models.DateTimeField("启用时间", default=timezone.now)
    tour_seen_at = models.DateTimeField("看过功能介绍的时间", null=True, blank=True)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    class Meta:
        verbose_name = "用户"

    def __str__(self) -> str:
        return self.display_name or self.username

    def give_first_password(self, password: str) -> None:
        """One that must be changed at the first log-in, and that opens nothing after some days."""
        self.set_password(password)
        self.must_change_password, self.password_set_at = True, timezone.now()
        self.save()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        value = f"{self.password}\n{self.epoch}"
        return salted_hmac("units.User.session", value, secret=secret, algorithm="sha256").hexdigest()


class Role(models.TextChoices):
    CLERK = "clerk", "经办人"
    HEAD = "head", "单位负责人"
    LEAD = "lead", "牵头/主管审核"
    TOWN = "town", "镇街审核"
    BUREAU = "bureau", "市商务局"
    OVERSIGHT = "oversight", "市对口支援办"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"


KEEPERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
"""三员. Nobody is two of them, and none of them has to do with purchases."""


class Membership(models.Model):
    """A person's role at a unit; one person may hold several."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    role = models.CharField("角色", max_length=16, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role"], name="membership_once"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(role__in=KEEPERS), name="membership_nobody_is_two_of_the_three"
            ),
        ]


class RoleRequest(models.Model):
    """A role that the system administrator asks for and the security administrator grants or declines."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_requests")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.CharField("角色", max_length=16, choices=Role.choices)
    asked_by = models.CharField("申请人", max_length=150)
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)

    class Meta:
        verbose_name = "授权申请"
        ordering = ["asked_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "unit", "role"], name="role_request_once")]


class BaseStatus(models.TextChoices):
    UNFILED = "unfiled", "未填报"
    FILED = "filed", "已填报"
    RETURNED = "returned", "退回重填"
    CONFIRMED = "confirmed", "已确认"


class YearBase(models.Model):
    """年度基数: what a unit declares for a year. Only a confirmed one enters a figure."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="bases")
    year = models.PositiveSmallIntegerField("年度")
    headcount = models.PositiveIntegerField("人数", null=True, blank=True)
    canteen_budget = MoneyField("食堂采购预算", null=True, blank=True)
    holiday_gifts = MoneyField("节日慰问品总额", null=True, blank=True)
    target = MoneyField("采购目标", null=True, blank=True)
    assistance_base = MoneyField("帮扶资金基数", null=True, blank=True)
    listed = models.BooleanField("宁波名单企业", null=True, blank=True)
    canteen = models.CharField("食堂情况", max_length=16, choices=Canteen.choices, blank=True)
    canteen_representative = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="共用代表单位"
    )
    reserve_percent = models.DecimalField("预留比例", max_digits=5, decimal_places=2, null=True, blank=True)
    status = models.CharField("状态", max_length=16, choices=BaseStatus.choices, default=BaseStatus.UNFILED)
    filed_by = models.CharField("填报人", max_length=150, blank=True)
    filed_at = models.DateTimeField("填报时间", null=True, blank=True)
    first_filed_at = models.DateTimeField("首次填报时间", null=True, blank=True)
    confirmed_by = models.CharField("确认人", max_length=150, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    returned_reason = models.TextField("退回原因", blank=True)

    class Meta:
        verbose_name = "年度基数"
        ordering = ["-year", "unit__code"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="year_base_once"),
            models.CheckConstraint(
                condition=Q(canteen_budget__isnull=True) | Q(canteen_budget__gte=0),
                name="year_base_canteen_budget_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(holiday_gifts__isnull=True) | Q(holiday_gifts__gte=0),
                name="year_base_holiday_gifts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(target__gte=0), name="year_base_target_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(assistance_base__isnull=True) | Q(assistance_base__gte=0),
                name="year_base_assistance_base_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(reserve_percent__isnull=True)
                | Q(reserve_percent__gte=0) & Q(reserve_percent__lte=100),
                name="year_base_reserve_percent_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(canteen=Canteen.SHARED) | Q(canteen_representative__isnull=False),
                name="year_base_shared_canteen_names_its_representative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.unit}"
