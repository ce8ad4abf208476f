"""查询 over stories."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from cixi_xiezuo import widgets
from initiatives.by_unit import ByUnit, unit_filter
from initiatives.publicity.models import Story, StorySort, StoryState
from initiatives.publicity.scope import visible


class StoryFilter(ByUnit):
    state = django_filters.ChoiceFilter(
        label="状态", choices=StoryState.choices, empty_label="全部", widget=widgets.select()
    )
    sort = django_filters.ChoiceFilter(
        label="类别", choices=StorySort.choices, empty_label="全部", widget=widgets.select()
    )
    unit = unit_filter("撰稿单位")
    text = django_filters.CharFilter(label="关键字", method="by_text", widget=widgets.text("标题或正文"))

    class Meta:
        model = Story
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Story], name: str, value: str) -> QuerySet[Story]:
        text = value.strip()
        return rows.filter(Q(title__icontains=text) | Q(text__icontains=text))


def stories(user: Any, asked: Any) -> StoryFilter:
    """Those that the person may see, the latest first."""
    return StoryFilter(asked, queryset=visible(user).order_by("-opened_at", "-pk"))
