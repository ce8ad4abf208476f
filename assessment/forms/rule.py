"""One rule of a draft: threshold, readings, whom it is for, who leads and organises, and the clause it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from assessment.forms.thresholds import WAN, YUAN, PercentField, add_amount, read_amount
from assessment.models import Rule, RuleKind
from assessment.policy_faults import ORGANISER_SIZE, SIZES, faults
from assessment.policy_file import PARAMETERS, TOTALS, WITH_AMOUNT, WITH_PERCENT
from assessment.policy_words import PARAMETER_NAMES
from assessment.policy_words import PARAMETERS as WORDS
from assessment.rules import UNIT_RULES
from cixi_xiezuo import widgets
from cixi_xiezuo.forms import Form
from units.kinds import Kind

BLANK_ROWS = 2
MOST_ROWS = 30
AMOUNTS = {
    RuleKind.CITY_TOTAL: ("全年不低于", WAN),
    RuleKind.DEPT_TOWN_TOTAL: ("全年不低于", WAN),
    RuleKind.UNION_WELFARE_CAP: ("每人每年不超过", YUAN),
}
DUTIES = ("组织", "自行组织", "业务指导", "工作督促", "责任", "配合")


class RuleForm(Form):
    """`rule` may be one that is not stored yet. Only what its kind has is asked for."""

    edition = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label="名称", max_length=SIZES["title"], error_messages={"required": "请填写名称"}
    )

    def __init__(self, data: Any = None, *, rule: Rule, edition: str) -> None:
        start = {"edition": edition, **{name: getattr(rule, name) for name in SIZES}}
        super().__init__(data, initial=start)
        self.rule = rule
        if rule.kind in WITH_AMOUNT:
            label, unit = AMOUNTS[RuleKind(rule.kind)]
            add_amount(self, "amount", label, rule.amount, unit)
        elif rule.kind in WITH_PERCENT or rule.kind == RuleKind.FINANCIAL_SHARE:
            self._add_percent()
        for name, allowed in PARAMETERS.get(rule.kind, {}).items():
            if len(allowed) > 1:
                self._add_parameter(name, allowed)
        if rule.kind in UNIT_RULES:
            self.fields["subject_kinds"] = _kinds("适用单位类别", rule.subject_kinds)
        self.fields["lead"] = forms.CharField(label="牵头单位", max_length=SIZES["lead"], required=False)
        self.fields["clause"] = forms.CharField(
            label="条款",
            max_length=SIZES["clause"],
            help_text="如 第四部分（一）第一段",
            error_messages={"required": "请填写条款"},
        )
        self.fields["quote"] = forms.CharField(
            label="原文",
            max_length=SIZES["quote"],
            widget=forms.Textarea(attrs={"rows": 5}),
            error_messages={"required": "请填写原文"},
        )
        for name in SIZES:
            self.fields[name].widget.attrs["class"] = "form-control"

    def _add_percent(self) -> None:
        optional = self.rule.kind not in WITH_PERCENT
        number = self.rule.percent
        field = PercentField(
            label="不低于（%）",
            required=not optional,
            error_messages={"required": "请填写比例"},
            initial="" if number is None else f"{number:f}".rstrip("0").rstrip("."),
            help_text="可留空：没有规定比例时只通报、不判定" if optional else "如 10 或 12.5",
        )
        self.fields["percent"] = field

    def _add_parameter(self, name: str, allowed: tuple[str, ...]) -> None:
        self.fields[f"parameter_{name}"] = forms.ChoiceField(
            label=PARAMETER_NAMES.get(name, name),
            choices=[(value, WORDS.get((name, value), value)) for value in allowed],
            initial=self.rule.parameters.get(name, allowed[0]),
            widget=widgets.select(),
        )

    @property
    def parameters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("parameter_")]

    @property
    def fixed_readings(self) -> list[str]:
        """What the rule reads in one way only."""
        known = PARAMETERS.get(self.rule.kind, {})
        return [WORDS.get((name, values[0]), name) for name, values in known.items() if len(values) == 1]

    @property
    def is_total(self) -> bool:
        return self.rule.kind in TOTALS

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["amount_yuan"] = read_amount(self, "amount") if "amount" in self.fields else None
        for name, value in self.values().items():
            setattr(self.rule, name, value)
        for name, sentence in faults(self.rule):
            if name in self.fields and name not in self.errors:
                self.add_error(name, sentence)
        return values

    def values(self) -> dict[str, Any]:
        """What `policy_drafts.edit_rule` takes, but for the organisers."""
        cleaned = self.cleaned_data
        found: dict[str, Any] = {name: cleaned.get(name) or "" for name in SIZES}
        if "amount" in self.fields:
            found["amount"] = cleaned.get("amount_yuan")
        if "percent" in self.fields:
            found["percent"] = cleaned.get("percent")
        if "subject_kinds" in self.fields:
            found["subject_kinds"] = _as_before(cleaned.get("subject_kinds", []), self.rule.subject_kinds)
        found["parameters"] = dict(self._readings())
        return found

    def _readings(self) -> Iterator[tuple[str, str]]:
        """A reading that the rule leaves out is the first one, and may go on being left out."""
        for name, allowed in PARAMETERS.get(self.rule.kind, {}).items():
            value = self.cleaned_data.get(f"parameter_{name}") or allowed[0]
            if value != allowed[0] or name in self.rule.parameters:
                yield name, value


class OrganiserForm(Form):
    """Who organises which kinds of unit. A row without a name is passed over, unless something else was typed."""

    unit = forms.CharField(label="单位", required=False, max_length=ORGANISER_SIZE)
    duty = forms.CharField(label="职责", required=False, max_length=ORGANISER_SIZE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"] = _kinds("负责的单位类别", [])
        for name, choices in (("unit", "departments"), ("duty", "duties")):
            self.fields[name].widget.attrs |= {
                "class": "form-control",
                "list": choices,
                "autocomplete": "off",
            }

    @property
    def blank(self) -> bool:
        values = getattr(self, "cleaned_data", {})
        return not any(values.get(name) for name in ("unit", "duty", "kinds"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (values.get("duty") or values.get("kinds")) and not values.get("unit"):
            self.add_error("unit", "请填写单位名称；不要这一行请勾选“删除”")
        return values


if TYPE_CHECKING:
    _FormSet = BaseFormSet[OrganiserForm]
else:
    _FormSet = BaseFormSet  # takes no brackets at run time


class BaseOrganisers(_FormSet):
    def rows(self) -> list[dict[str, Any]]:
        """Once valid: as `Rule.organisers` has them."""
        kept = [form for form in self.forms if not form.blank]
        return [
            {
                "kinds": _as_before(form.cleaned_data["kinds"], form.initial.get("kinds", [])),
                "unit": form.cleaned_data["unit"],
                "duty": form.cleaned_data["duty"],
            }
            for form in kept
            if not form.cleaned_data.get("DELETE")
        ]


Organisers = formset_factory(
    OrganiserForm,
    formset=BaseOrganisers,
    extra=BLANK_ROWS,
    can_delete=True,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
)


def organisers_of(rule: Rule) -> Iterator[dict[str, Any]]:
    """What the formset starts from."""
    for row in rule.organisers:
        yield {name: row.get(name, "") for name in ("unit", "duty")} | {"kinds": row.get("kinds", [])}


def _as_before(chosen: list[str], stored: list[str]) -> list[str]:
    """The chosen kinds in the order they were stored in, new ones after them."""
    return [kind for kind in stored if kind in chosen] + [kind for kind in chosen if kind not in stored]


def _kinds(label: str, chosen: list[str]) -> forms.MultipleChoiceField:
    boxes = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    return forms.MultipleChoiceField(
        label=label, required=False, choices=Kind.choices, initial=chosen, widget=boxes
    )
