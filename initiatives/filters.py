"""查询 over the records of a kind."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from cixi_xiezuo import widgets
from initiatives.by_unit import ByUnit, unit_filter
from initiatives.kinds import Kind
from initiatives.lights import LIGHTS, lit, today, with_day
from initiatives.models import Record, RecordUnit
from initiatives.plan import numbers_with
from initiatives.progress.owing import owing
from units.named import called


class RecordFilter(ByUnit):
    state = django_filters.ChoiceFilter(label="状态", empty_label="全部", widget=widgets.select())
    sort = django_filters.ChoiceFilter(
        label="类别", field_name="data__sort", empty_label="全部", widget=widgets.select()
    )
    unit = unit_filter("单位（含分工）")
    since = django_filters.DateFilter(
        label="开始从", field_name="starts", lookup_expr="gte", widget=widgets.day()
    )
    until = django_filters.DateFilter(
        label="到", field_name="starts", lookup_expr="lte", widget=widgets.day()
    )
    text = django_filters.CharFilter(label="关键字", method="by_text", widget=widgets.text("名称或说明"))

    light = django_filters.ChoiceFilter(
        label="期限", empty_label="全部", choices=LIGHTS, method="by_light", widget=widgets.select()
    )

    report = django_filters.ChoiceFilter(
        label="季度进展",
        empty_label="全部",
        choices=(("late", "逾期未报"), ("owed", "待报")),
        method="by_report",
        widget=widgets.select(),
    )

    plan_year: int | None = None
    """For tasks the year of the plan that they are of."""

    class Meta:
        model = Record
        fields: list[str] = []

    def by_light(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        return lit(rows, value, today())

    def by_report(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        return owing(rows, today(), late=value == "late")

    def by_unit(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        so_called = called(value.strip(), "unit__")
        parts = RecordUnit.objects.filter(so_called)
        return rows.filter(so_called | Q(pk__in=parts.values("record")))

    @property
    def units(self) -> Q:
        parts = RecordUnit.objects.filter(record__in=self.queryset.order_by().values("pk"))
        return super().units | Q(pk__in=parts.values("unit"))

    def by_text(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """A task is found by the plan's words too."""
        words = value.strip()
        found = Q(title__icontains=words) | Q(note__icontains=words)
        if self.plan_year is not None:
            found |= Q(data__clause__in=numbers_with(self.plan_year, words))
        return rows.filter(found)


def found(user: Any, kind: Kind, year: int, asked: Any) -> RecordFilter:
    """The records of a kind and year that the person may see, as the address asks for them."""
    seen = Record.objects.visible_to(user).filter(kind=kind.slug)
    rows: QuerySet[Any] = seen.living_in(year).order_by("-starts", "-pk")
    if kind.due:
        rows = with_day(rows)
    made = RecordFilter(asked, queryset=rows)
    cast(forms.ChoiceField, made.form.fields["state"]).choices = [
        ("", "全部"),
        *((state.name, state.label) for state in kind.states),
    ]
    sorts = next((each.choices for each in kind.fields if each.name == "sort"), ())
    if sorts:
        cast(forms.ChoiceField, made.form.fields["sort"]).choices = [
            ("", "全部"),
            *((sort, sort) for sort in sorts),
        ]
    else:
        del made.form.fields["sort"]
    if not kind.due:
        del made.form.fields["light"]
    if kind.broken_down:
        made.plan_year = year
    else:
        del made.form.fields["report"]
    return made
