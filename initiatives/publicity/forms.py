"""The form of a story."""

from __future__ import annotations

from typing import Any

from django import forms

from cixi_xiezuo import widgets
from initiatives.acting import ActForm, long_text
from initiatives.publicity.models import Story, StorySort
from initiatives.publicity.stories import Content
from units.models import Unit


class StoryForm(ActForm):
    """`units`: those the person may write for; None for a story that is there, which keeps its unit."""

    unit = forms.ChoiceField(label="撰稿单位", widget=widgets.select())
    sort = forms.ChoiceField(
        label="类别", choices=[("", "请选择"), *StorySort.choices], widget=widgets.select()
    )
    title = forms.CharField(label="标题", max_length=80)
    text = long_text("正文", rows=12, help_text="不超过 4000 字，空一行分段；不要写个人信息和未公开的金额")

    def __init__(self, data: Any = None, *, units: list[Unit] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.units = units or []
        if units is None:
            del self.fields["unit"]
        else:
            self.fields["unit"].choices = [  # type: ignore[attr-defined]
                (unit.code, unit.name) for unit in units
            ]

    def chosen_unit(self) -> Unit:
        return next(unit for unit in self.units if unit.code == self.cleaned_data["unit"])

    def content(self) -> Content:
        given = self.cleaned_data
        return Content(given["sort"], given["title"], given["text"])

    @staticmethod
    def initial_of(story: Story) -> dict[str, str]:
        return {"sort": story.sort, "title": story.title, "text": story.text}
