"""查询 over the list of units. The parameters stand in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import FilterSet
from units.kinds import Kind
from units.models import Unit
from units.scope import Scope


def linked(link: str) -> Any:
    """The units that a link of the person's units points at, to choose from."""

    def choices(request: Any) -> QuerySet[Unit]:
        pointed = Scope.of(request.user).listed().filter(**{f"{link}__isnull": False})
        return Unit.objects.filter(pk__in=pointed.values(link)).only("pk", "code", "name").order_by("code")

    return choices


class UnitFilter(FilterSet):
    text = django_filters.CharFilter(
        label="单位",
        method="by_text",
        widget=widgets.text("名称、编码或信用代码"),
    )
    kind = django_filters.ChoiceFilter(
        label="单位类别", choices=Kind.choices, empty_label="全部", widget=widgets.select()
    )
    supervisor = django_filters.ModelChoiceFilter(
        label="主管部门",
        queryset=linked("supervisor"),
        method="by_supervisor",
        empty_label="全部",
        widget=widgets.select(),
    )
    town = django_filters.ModelChoiceFilter(
        label="镇街（含工会）",
        queryset=linked("town"),
        method="by_town",
        empty_label="全部",
        widget=widgets.select(),
    )
    active = django_filters.ChoiceFilter(
        label="状态",
        choices=[("yes", "在用"), ("no", "已停用")],
        method="by_active",
        empty_label="全部",
        widget=widgets.select(),
    )

    class Meta:
        model = Unit
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        value = value.strip()
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value) | Q(uscc__iexact=value))

    def by_supervisor(self, rows: QuerySet[Unit], name: str, value: Unit) -> QuerySet[Unit]:
        return rows.filter(Q(supervisor=value) | Q(host__supervisor=value))

    def by_town(self, rows: QuerySet[Unit], name: str, value: Unit) -> QuerySet[Unit]:
        return rows.filter(Q(town=value) | Q(host=value) | Q(host__town=value))

    def by_active(self, rows: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        return rows.filter(active=value == "yes")
