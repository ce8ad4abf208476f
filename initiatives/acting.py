"""What may be done to a case from its page: each act has a small form of its own, all share one address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.forms import Form


class ActForm(Form):
    """A form of the pages' looks. `act` keeps the names of several on one page apart."""

    def __init__(self, data: Any = None, *, act: str = "", **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"{act}-%s" if act else "id_%s", **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "form-control")

    def sentence(self) -> str:
        """What is wrong, field by field."""
        fields = self.fields
        return "；".join(
            (f"{fields[name].label}：" if name in fields else "") + "、".join(map(str, errors))
            for name, errors in self.errors.items()
        )


def long_text(label: str, *, required: bool = True, rows: int = 3, **kwargs: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=4000, required=required, widget=area, **kwargs)


class ReasonForm(ActForm):
    reason = long_text("原因", rows=2)


class NothingForm(ActForm):
    """Nothing more to say."""


@dataclass(frozen=True, slots=True)
class Act:
    """`do(thing, by=…, **cleaned)` is the verb; `may(user, thing)`: is it offered? `about` explains it."""

    name: str
    label: str
    do: Callable[..., Any]
    may: Callable[[Any, Any], bool]
    form: type[ActForm] = ReasonForm
    said: str = ""
    about: str = ""
    initial: Callable[[Any], dict[str, Any]] = lambda thing: {}


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as a page shows it."""

    act: Act
    form: ActForm


def offers(user: Any, thing: Any, acts: Iterable[Act], refused: Offer | None = None) -> list[Offer]:
    """What the person may do now; `refused` takes its own place, as it was filled in."""
    return [
        refused
        if refused is not None and refused.act is act
        else Offer(act, act.form(act=act.name, initial=act.initial(thing)))
        for act in acts
        if act.may(user, thing)
    ]


def perform(request: HttpRequest, thing: Any, acts: Iterable[Act]) -> Offer | None:
    """Do what was asked; gives the form back where it was not done. Http404 for what the person may not do."""
    name = request.POST.get("act", "")
    act = next((each for each in acts if each.name == name and each.may(request.user, thing)), None)
    if act is None:
        raise Http404
    form = act.form(request.POST, act=act.name)
    if form.is_valid():
        try:
            act.do(thing, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, act.said or f"已{act.label}")
            return None
    return Offer(act, form)
