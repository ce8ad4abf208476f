"""The small forms of a task's milestones and reports."""

from __future__ import annotations

from django import forms

from cixi_xiezuo import widgets
from initiatives.acting import ActForm, long_text


class MilestoneForm(ActForm):
    name = forms.CharField(label="名称", max_length=150)
    due = widgets.day_field("期限")


class DoneForm(ActForm):
    done_on = widgets.day_field("完成日")


class ReportForm(ActForm):
    text = long_text("进展", rows=4)
