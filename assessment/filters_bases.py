"""查询 over the year's declarations. The parameters stand in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import FilterSet
from units.forms.fields import label
from units.kinds import ANSWERING, PLACES, Kind
from units.models import BaseStatus, Unit
from units.named import called, in_places

STATES = [
    ("mine", "待我确认"),
    ("late", "逾期未报"),
    *((status.value, status.label) for status in BaseStatus),
]


class BaseFilter(FilterSet):
    """Over `base_list.of_year`. `everything`: the same but for the state, for the rates above the list."""

    status = django_filters.ChoiceFilter(
        label="状态", choices=STATES, method="by_state", empty_label="全部", widget=widgets.select()
    )
    unit = django_filters.CharFilter(
        label="单位",
        method="by_unit",
        widget=widgets.text("名称或编码"),
    )
    kind = django_filters.ChoiceFilter(
        label="单位类别", choices=Kind.choices, empty_label="全部", widget=widgets.select()
    )
    supervisor = django_filters.ChoiceFilter(
        label="主管部门", method="by_supervisor", empty_label="全部", widget=widgets.select()
    )
    town = django_filters.ChoiceFilter(
        label="镇街（含下级）", method="by_town", empty_label="全部", widget=widgets.select()
    )

    class Meta:
        model = Unit
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Unit.objects.filter(kind__in=ANSWERING, active=True).only("pk", "code", "name", "kind")
        units = list(known.order_by("code"))
        fields: dict[str, Any] = self.form.fields
        fields["supervisor"].choices = _choices(units)
        fields["town"].choices = _choices([unit for unit in units if unit.kind in PLACES])

    @property
    def everything(self) -> QuerySet[Any]:
        rows = self.queryset
        assert rows is not None
        self.form.full_clean()
        for name, value in self.form.cleaned_data.items():
            if name != "status":
                rows = self.filters[name].filter(rows, value)
        return rows

    @property
    def state(self) -> Q:
        """What the chosen state asks for; everything where none is chosen."""
        self.form.full_clean()
        value = self.form.cleaned_data.get("status")
        if value == "mine":
            return Q(state=BaseStatus.FILED, mine=True)
        if value == "late":
            return Q(late=True)
        return Q(state=value) if value else Q()

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(self.state)

    def by_unit(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(called(value.strip()))

    def by_supervisor(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(supervisor=value) | Q(host__supervisor=value) | Q(pk=value) | Q(host=value))

    def by_town(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(in_places([value]))


def _choices(units: list[Unit]) -> list[tuple[str, str]]:
    return [(str(unit.pk), label(unit)) for unit in units]
