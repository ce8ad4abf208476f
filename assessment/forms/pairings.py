"""Which regions a draft pairs: a choice beside every known region, and blank rows for regions not known yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from assessment.models import Policy
from assessment.policy_file import RegionData
from cixi_xiezuo.forms import Form
from procurement.choices import PairingKind
from procurement.models import Region

KINDS = [("", "不结对"), *PairingKind.choices]
BLANK_ROWS = 3
MOST_ROWS = 60
Pairings = dict[str, tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Row:
    region: Region
    kind: forms.BoundField
    primary: forms.BoundField

    @property
    def errors(self) -> list[str]:
        return [str(error) for field in (self.kind, self.primary) for error in field.errors]


class PairingsForm(Form):
    """`regions`: all there are. The paired ones come first."""

    edition = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, policy: Policy, regions: Iterable[Region], edition: str) -> None:
        super().__init__(data, initial={"edition": edition})
        paired = {row.region_id: row for row in policy.terms.pairings.all()}
        self.regions = sorted(regions, key=lambda region: (region.pk not in paired, region.code))
        for region in self.regions:
            row = paired.get(region.pk)
            self.fields[f"kind_{region.pk}"] = _kind(f"{region.name}的结对类别", row.kind if row else "")
            self.fields[f"primary_{region.pk}"] = _primary(
                f"{region.name}为重点", bool(row is not None and row.primary)
            )

    def rows(self) -> Iterator[Row]:
        for region in self.regions:
            yield Row(region, self[f"kind_{region.pk}"], self[f"primary_{region.pk}"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for region in self.regions:
            if values.get(f"primary_{region.pk}") and not values.get(f"kind_{region.pk}"):
                self.add_error(f"kind_{region.pk}", "重点地区请选择结对类别")
        return values

    def pairings(self) -> Pairings:
        """Once valid: name of the region → (kind, primary)."""
        return {
            region.name: (kind, self.cleaned_data[f"primary_{region.pk}"])
            for region in self.regions
            if (kind := self.cleaned_data[f"kind_{region.pk}"])
        }


class NewRegionForm(Form):
    """A region that is not in the table yet. A row nobody wrote a name or code into is passed over."""

    name = forms.CharField(label="产地名称", required=False, max_length=50)
    code = forms.CharField(label="区划代码", required=False, max_length=12)
    prefecture = forms.CharField(label="所属州市", required=False, max_length=50)
    is_832 = forms.BooleanField(label="832平台脱贫县", required=False)

    def __init__(self, *args: Any, known: Iterable[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = list(known)
        self.fields["kind"] = _kind("结对类别", "")
        self.fields["primary"] = _primary("重点", False)
        for name in ("name", "code", "prefecture"):
            self.fields[name].widget.attrs |= {"class": "form-control", "autocomplete": "off"}
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "placeholder": "六位，如 513429"}
        self.fields["is_832"].widget.attrs["class"] = "form-check-input"

    @property
    def blank(self) -> bool:
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in ("name", "code"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.blank:
            return values
        name, code = values.get("name", ""), values.get("code", "")
        if not name:
            self.add_error("name", "请填写产地名称")
        elif any(region.name == name for region in self.known):
            self.add_error("name", f"“{name}”已在上面的表中，请在那里选择")
        if not re.fullmatch(r"[0-9]{6}([0-9]{3}){0,2}", code):
            self.add_error("code", "区划代码应为六位数字，如 513429")
        elif taken := [region for region in self.known if region.code == code]:
            self.add_error("code", f"代码 {code} 是“{taken[0].name}”的，请核对")
        if values.get("primary") and not values.get("kind"):
            self.add_error("kind", "重点地区请选择结对类别")
        return values


if TYPE_CHECKING:
    _FormSet = BaseFormSet[NewRegionForm]
else:
    _FormSet = BaseFormSet  # takes no brackets at run time


class BaseNewRegions(_FormSet):
    def clean(self) -> None:
        """The same name or code in two rows."""
        for field, label in (("name", "名称"), ("code", "代码")):
            seen: set[str] = set()
            for form in self.kept():
                value = form.cleaned_data.get(field, "")
                if value and value in seen:
                    form.add_error(field, f"{label}“{value}”填了两次")
                seen.add(value)

    def kept(self) -> list[NewRegionForm]:
        return [form for form in self.forms if not form.blank and hasattr(form, "cleaned_data")]

    def regions(self) -> list[RegionData]:
        """Once valid: what is to be added to the table of regions."""
        names = ("code", "name", "prefecture", "is_832")
        return [RegionData(**{name: form.cleaned_data[name] for name in names}) for form in self.kept()]

    def pairings(self) -> Pairings:
        rows = (form.cleaned_data for form in self.kept())
        return {row["name"]: (row["kind"], row["primary"]) for row in rows if row["kind"]}


NewRegions = formset_factory(
    NewRegionForm, formset=BaseNewRegions, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def _kind(label: str, value: str) -> forms.ChoiceField:
    select = forms.Select(attrs={"class": "form-select", "aria-label": label})
    return forms.ChoiceField(label=label, required=False, choices=KINDS, initial=value, widget=select)


def _primary(label: str, value: bool) -> forms.BooleanField:
    box = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(label=label, required=False, initial=value, widget=box)
