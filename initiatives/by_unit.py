"""查询 by unit in the lists of the plan's work: typed, or chosen from the units that the list has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Q, QuerySet

from cixi_xiezuo.forms import FilterSet
from units.forms.fields import choice
from units.models import Unit
from units.named import called

OFFERED = "listed-units"
"""The id of the list that the page of a filter has (initiatives/unit_filter.html)."""


def unit_filter(label: str) -> django_filters.CharFilter:
    return django_filters.CharFilter(label=label, method="by_unit", widget=choice(OFFERED, maxlength="140"))


class ByUnit(FilterSet):
    """A filter with a `unit_filter` called `unit`."""

    if TYPE_CHECKING:
        queryset: QuerySet[Any]

    def by_unit(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(called(value.strip(), "unit__"))

    @property
    def units(self) -> Q:
        """Which units the rows lead to before anything is asked for."""
        return Q(pk__in=self.queryset.order_by().values("unit"))

    @property
    def options(self) -> list[str]:
        """The same by code and name. One query."""
        rows = Unit.objects.filter(self.units).order_by("code")
        return [f"{code} {name}" for code, name in rows.values_list("code", "name")]
