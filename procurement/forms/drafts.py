"""The forms of many drafts on one page: what the invoice says, and the choices that the clerk adds."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django import forms

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import Form
from cixi_xiezuo.money import MoneyFormField
from procurement.choices import Channel, Holiday, Use
from procurement.editing import Head, Line, faults, line_of
from procurement.forms.lines import FillForm, Regions
from procurement.forms.selects import QuickSelect
from procurement.models import Purchase, PurchaseLine
from procurement.proposals import Hint

CHOICES = ("use", "region", "holiday")


def _choice(label: str, choices: Any, hint: Hint | None, **attrs: str) -> forms.ChoiceField:
    """Its first value goes along hidden: what the person changed is told from what was only proposed."""
    look = "form-select form-select-sm is-proposed" if hint else "form-select form-select-sm"
    widget = QuickSelect(attrs={"class": look, "aria-label": label, **attrs})
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", label), *choices],
        widget=widget,
        show_hidden_initial=True,
        help_text=hint.why if hint else "",
    )


class DraftLineForm(Form):
    """One line. A choice that is only proposed is shown chosen, and taken only where the draft is picked."""

    product_name = forms.CharField(label="产品名称", required=False, max_length=200)
    amount = MoneyFormField(label="金额（元，含税）")

    def __init__(
        self, data: Any, prefix: str, line: PurchaseLine, hints: dict[str, Hint], regions: Regions
    ) -> None:
        stored = {"use": line.use, "region": str(line.region_id or ""), "holiday": line.holiday}
        shown = {name: stored[name] or (hints[name].value if name in hints else "") for name in CHOICES}
        start = {"product_name": line.product_name, "amount": line.amount, **shown}
        super().__init__(data, prefix=prefix, initial=start)
        self.line, self.stored, self.regions = line, stored, regions
        self.fields["use"] = _choice("用途", Use.choices, hints.get("use"), **{"data-use": ""})
        self.fields["region"] = _choice("产地", regions.choices[1:], hints.get("region"))
        self.fields["holiday"] = _choice("法定节日", Holiday.choices, hints.get("holiday"))
        for name in ("product_name", "amount"):
            self.fields[name].widget.attrs |= {"class": "form-control form-control-sm", "autocomplete": "off"}

    @property
    def touched(self) -> bool:
        """The person changed something; a proposal left standing is no change."""
        return bool(self.changed_data)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            for name, message in faults(self.kept(picked=True)):
                self.add_error(name if name in self.fields else None, message)
        return values

    def kept(self, *, picked: bool) -> Line:
        """The line as it is to be stored: all that is shown where the draft is picked, else what was changed."""
        chosen = {
            name: self.cleaned_data[name] if picked or name in self.changed_data else self.stored[name]
            for name in CHOICES
        }
        return replace(
            line_of(self.line),
            product_name=self.cleaned_data["product_name"],
            amount=self.cleaned_data["amount"],
            use=chosen["use"],
            region=self.regions.by_pk.get(chosen["region"]),
            holiday=chosen["holiday"] if chosen["use"] == Use.UNION_HOLIDAY else "",
        )


class DraftForm(Form):
    """The head of one draft. `day` is its 开票日期, or its 采购日期 where there is no invoice."""

    pick = forms.BooleanField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    day = widgets.day_field("日期", required=False)
    supplier = forms.CharField(label="供应商", required=False, max_length=150)

    def __init__(self, data: Any, purchase: Purchase, hint: Hint | None, *, invoiced: bool) -> None:
        self.purchase = purchase
        self.day_name = "invoice_date" if purchase.invoice_date or invoiced else "purchase_date"
        start = {
            "version": purchase.version,
            "day": getattr(purchase, self.day_name),
            "supplier": purchase.supplier.name if purchase.supplier else "",
            "channel": purchase.channel or (hint.value if hint else ""),
        }
        super().__init__(data, prefix=f"d{purchase.pk}", initial=start)
        self.fields["channel"] = _choice("采购渠道", Channel.choices, hint, **{"data-channel": ""})
        self.fields["pick"].widget.attrs |= {
            "class": "form-check-input",
            "aria-label": f"选中采购 {purchase.number}",
            "data-pick": "",
        }
        for name in ("day", "supplier"):
            self.fields[name].widget.attrs["class"] = "form-control form-control-sm"

    @property
    def touched(self) -> bool:
        return bool(set(self.changed_data) - {"pick", "version"})

    def kept(self, *, picked: bool) -> Head:
        purchase, values = self.purchase, self.cleaned_data
        days: dict[str, datetime.date | None] = {
            "invoice_date": purchase.invoice_date,
            "purchase_date": purchase.purchase_date,
            self.day_name: values["day"],
        }
        channel = values["channel"] if picked or "channel" in self.changed_data else purchase.channel
        return Head(
            supplier=values["supplier"],
            channel=channel,
            original=purchase.original,
            note=purchase.note,
            **days,
        )


class DraftsFill(FillForm):
    """Chosen once for all drafts on the page; server-side it fills what is blank in the picked ones."""

    def __init__(self, *args: Any, regions: Regions, **kwargs: Any) -> None:
        super().__init__(*args, regions=regions, **kwargs)
        self.fields["channel"] = forms.ChoiceField(
            label="采购渠道",
            required=False,
            choices=[("", "采购渠道"), *Channel.choices],
            widget=QuickSelect(
                attrs={"class": "form-select", "data-fill": "channel", "aria-label": "全部空白处的采购渠道"}
            ),
        )

    def head(self, head: Head) -> Head:
        return replace(head, channel=head.channel or self.cleaned_data["channel"])


class RestForm(FillForm):
    """The choices for a draft of many lines, shown as one row: they fill its blank lines."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs = {
                "class": "form-select form-select-sm",
                "aria-label": f"空白行的{field.label}",
            }
        self.fields["use"].widget.attrs["data-use"] = ""

    @property
    def touched(self) -> bool:
        return bool(self.changed_data)
