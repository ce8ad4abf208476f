"""查询 over stories."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import FilterSet
from initiatives.publicity.models import Story, StorySort, StoryState
from initiatives.publicity.scope import visible
from units.named import called


class StoryFilter(FilterSet):
    state = django_filters.ChoiceFilter(
        label="状态", choices=StoryState.choices, empty_label="全部", widget=widgets.select()
    )
    sort = django_filters.ChoiceFilter(
        label="类别", choices=StorySort.choices, empty_label="全部", widget=widgets.select()
    )
    unit = django_filters.CharFilter(label="撰稿单位", method="by_unit", widget=widgets.text("名称或编码"))
    text = django_filters.CharFilter(label="关键字", method="by_text", widget=widgets.text("标题或正文"))

    class Meta:
        model = Story
        fields: list[str] = []

    def by_unit(self, rows: QuerySet[Story], name: str, value: str) -> QuerySet[Story]:
        return rows.filter(called(value.strip(), "unit__"))

    def by_text(self, rows: QuerySet[Story], name: str, value: str) -> QuerySet[Story]:
        text = value.strip()
        return rows.filter(Q(title__icontains=text) | Q(text__icontains=text))


def stories(user: Any, asked: Any) -> StoryFilter:
    """Those that the person may see, the latest first."""
    return StoryFilter(asked, queryset=visible(user).order_by("-opened_at", "-pk"))
