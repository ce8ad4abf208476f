"""The forms of scores: the criteria of a year, and one entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import Form
from initiatives.acting import ActForm, long_text
from initiatives.scoring import points
from initiatives.scoring.criteria import Criteria, Item
from initiatives.scoring.models import Measure
from initiatives.scoring.sheet import Row

MOST = 20
"""Criteria a year."""


class PointsField(forms.CharField):
    """Typed as 12.5, cleaned to hundredths."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            return points.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return points.shown(value) if isinstance(value, int) else value

    def run_validators(self, value: Any) -> None:
        """`parse` has looked at all there is."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class CriterionForm(Form):
    """One criterion; without a name there is none."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput(), max_value=2**31, min_value=1)
    name = forms.CharField(label="指标", required=False, max_length=50)
    measure = forms.ChoiceField(
        label="得分方式", required=False, choices=[("", "请选择"), *Measure.choices], widget=widgets.select()
    )
    full = PointsField(label="满分", required=False)
    about = forms.CharField(label="说明", required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "form-control")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("name"):
            for name in ("measure", "full"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, f"请填写{self.fields[name].label}")
        return values

    @property
    def item(self) -> Item | None:
        given = self.cleaned_data
        if not given.get("name"):
            return None
        return Item(given["name"], given["measure"], given["full"], given["about"], given["pk"])


CriterionFormSet = forms.formset_factory(CriterionForm, extra=3, max_num=MOST, absolute_max=MOST)


class HeadForm(ActForm):
    """`version` of the criteria that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput(), min_value=0, max_value=2**31)
    example = forms.BooleanField(
        label="标明“示例”", required=False, help_text="正式印发评分办法以后再取消勾选", initial=True
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["example"].widget.attrs["class"] = "form-check-input"


def criteria_forms(criteria: Criteria, data: Any = None) -> tuple[HeadForm, Any]:
    """The head and the criteria, filled with those of the year (or the example's)."""
    version = criteria.table.version if criteria.table else 0
    head = HeadForm(data, initial={"version": version, "example": criteria.example})
    initial = [
        {"pk": item.pk, "name": item.name, "measure": item.measure, "full": item.full, "about": item.about}
        for item in criteria.items
    ]
    return head, CriterionFormSet(data, initial=initial, prefix="items")


class EntryForm(ActForm):
    """`open_to`: the criteria that 市商务局 scores for the unit."""

    criterion = forms.ChoiceField(label="指标", widget=widgets.select())
    points = PointsField(label="分数", help_text="扣分项填要扣的分数")
    reason = long_text("理由", rows=2)

    def __init__(self, data: Any = None, *, open_to: list[Item], **kwargs: Any) -> None:
        super().__init__(data, act="entry", **kwargs)
        self.fields["criterion"].choices = [  # type: ignore[attr-defined]
            (str(item.pk), f"{item.name}（{'扣 ' if item.deducts else ''}{points.shown(item.full)} 分）")
            for item in open_to
        ]


def open_to(items: tuple[Item, ...], row: Row) -> list[Item]:
    """Those that are not computed for the unit, of criteria that are saved."""
    return [
        item
        for item, mark in zip(items, row.marks, strict=True)
        if item.pk is not None and (not item.computed or mark.points is None or mark.entered)
    ]
