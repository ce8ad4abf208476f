"""查询 over the list of people."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import FilterSet
from units.models import Role, User
from units.named import called


class PeopleFilter(FilterSet):
    text = django_filters.CharFilter(
        label="人员或单位",
        method="by_text",
        widget=widgets.text("姓名、用户名、单位"),
    )
    role = django_filters.ChoiceFilter(
        label="角色",
        choices=[*Role.choices, ("none", "无角色")],
        method="by_role",
        empty_label="全部",
        widget=widgets.select(),
    )
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[("active", "在用"), ("disabled", "已停用"), ("first", "未改初始密码"), ("asked", "待授权")],
        method="by_state",
        empty_label="全部",
        widget=widgets.select(),
    )

    class Meta:
        model = User
        fields: list[str] = []

    def by_text(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        value = value.strip()
        at = called(value, "memberships__unit__")
        return rows.filter(Q(username__icontains=value) | Q(display_name__icontains=value) | at).distinct()

    def by_role(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        if value == "none":
            return rows.filter(memberships=None)
        return rows.filter(memberships__role=value).distinct()

    def by_state(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        if value == "asked":
            return rows.filter(role_requests__isnull=False).distinct()
        if value == "first":
            return rows.filter(is_active=True, must_change_password=True)
        return rows.filter(is_active=value == "active")
