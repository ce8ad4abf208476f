"""The lines of a purchase as a formset, and the choices that fill all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from cixi_xiezuo.forms import Form
from cixi_xiezuo.money import MoneyFormField
from procurement.choices import Holiday, PairingKind, Use
from procurement.editing import ZERO, Line, faults
from procurement.forms.selects import QuickSelect
from procurement.models import PurchaseLine, Region
from procurement.terms import Terms

BLANK = ("", "请选择")


class Regions:
    """The regions to choose from by a year's terms: paired ones first, the primary counties at their head."""

    def __init__(self, terms: Terms, known: Iterable[Region] | None = None) -> None:
        regions = list(Region.objects.all() if known is None else known)
        self.by_pk = {str(region.pk): region for region in regions}
        regions.sort(key=lambda region: (region.pk not in terms.primary, region.code))
        groups: dict[str, list[tuple[str, str]]] = {label: [] for label in (*PairingKind.labels, "其他")}
        for region in regions:
            kind = terms.pairings.get(region.pk)
            label = PairingKind(kind).label if kind else "其他"
            groups[label].append(
                (str(region.pk), f"{region.name}{'★' if region.pk in terms.primary else ''}")
            )
        self.choices: list[Any] = [BLANK, *((label, rows) for label, rows in groups.items() if rows)]


def _select(form: forms.Form, name: str, label: str, choices: Iterable[Any]) -> None:
    form.fields[name] = forms.ChoiceField(
        label=label, required=False, choices=choices, widget=QuickSelect(attrs={"class": "form-select"})
    )


class LineForm(Form):
    product_name = forms.CharField(label="产品名称", required=False, max_length=200)
    quantity = forms.DecimalField(
        label="数量",
        required=False,
        max_digits=20,
        decimal_places=6,
        localize=False,
        error_messages={"invalid": "数量应为数字，如 12.5", "max_decimal_places": "数量最多 6 位小数"},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    measure = forms.CharField(label="计量单位", required=False, max_length=20)
    amount = MoneyFormField(label="金额（元，含税）", required=False)
    overlap = MoneyFormField(label="其中已登记金额", required=False)

    def __init__(self, *args: Any, regions: Regions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = False  # `blank` tells empty rows; one that is as it was stored is not empty
        self.regions = regions
        for name, field in self.fields.items():
            field.widget.attrs["class"] = (
                "form-control num" if name in ("quantity", "amount", "overlap") else "form-control"
            )
        self.fields["amount"].widget.attrs["data-amount"] = ""
        _select(self, "use", "用途", [BLANK, *Use.choices])
        _select(self, "holiday", "法定节日", [BLANK, *Holiday.choices])
        _select(self, "region", "产地", regions.choices)
        self.fields["use"].widget.attrs["data-use"] = ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["region"] = self.regions.by_pk.get(values.get("region") or "")
        values["overlap"] = values.get("overlap") or ZERO
        if not self.blank and not self.errors:
            if values.get("amount") is None:
                self.add_error("amount", "请填写金额")
            else:
                for name, message in faults(self.line(values)):
                    self.add_error(name, message)
        return values

    @property
    def blank(self) -> bool:
        """Nobody wrote anything into it: such a row is passed over."""
        return not any(
            self.data.get(self.add_prefix(name), "").strip() for name in self.fields if name != "DELETE"
        )

    def line(self, values: dict[str, Any]) -> Line:
        names = ("amount", "product_name", "quantity", "measure", "use", "holiday", "region", "overlap")
        return Line(**{name: values[name] for name in names})


class FillForm(Form):
    """用途、产地 chosen once for every line that has none yet."""

    def __init__(self, *args: Any, regions: Regions, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "all", **kwargs})
        self.regions = regions
        _select(self, "use", "用途", [("", "用途"), *Use.choices])
        _select(self, "region", "产地", [("", "产地"), *regions.choices[1:]])
        _select(self, "holiday", "法定节日", [("", "法定节日"), *Holiday.choices])
        for name, field in self.fields.items():
            field.widget.attrs |= {"data-fill": name, "aria-label": f"全部空白行的{field.label}"}

    def fill(self, line: Line) -> Line:
        """The line with what it lacks taken from the choices; a holiday only where the use has one."""
        chosen = self.cleaned_data
        use = line.use or chosen["use"]
        return replace(
            line,
            use=use,
            region=line.region or self.regions.by_pk.get(chosen["region"]),
            holiday=(line.holiday or chosen["holiday"]) if use == Use.UNION_HOLIDAY else "",
        )


if TYPE_CHECKING:
    _FormSet = BaseFormSet[LineForm]
else:
    _FormSet = BaseFormSet  # takes no brackets at run time


class BaseLines(_FormSet):
    def kept(self) -> list[LineForm]:
        """The forms of the lines to keep, once valid."""
        return [form for form in self.forms if not form.blank and not form.cleaned_data.get("DELETE", False)]


LineFormSet = formset_factory(LineForm, formset=BaseLines, extra=0, can_delete=True)


def initial_lines(lines: Iterable[PurchaseLine], *, sign: int = 1) -> list[dict[str, Any]]:
    """What the formset starts from; `sign` −1 proposes the refund of the lines."""
    return [
        {
            "product_name": line.product_name,
            "quantity": _plain(line.quantity),
            "measure": line.measure,
            "amount": line.figure * sign,
            "overlap": line.overlap * sign if line.overlap else None,
            "use": line.use,
            "holiday": line.holiday,
            "region": str(line.region_id or ""),
        }
        for line in lines
    ]


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
