"""The small forms beside a task's milestones."""

from __future__ import annotations

from django import forms

from cixi_xiezuo import widgets
from initiatives.acting import ActForm


class MilestoneForm(ActForm):
    name = forms.CharField(label="名称", max_length=150)
    due = widgets.day_field("期限")


class DoneForm(ActForm):
    done_on = widgets.day_field("完成日")
