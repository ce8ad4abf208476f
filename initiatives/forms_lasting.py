"""What is asked for of a record that lasts: on which day it ends, from which day on a field of its own is another."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import Form
from initiatives.forms import own_field, stored
from initiatives.kinds import Kind, Verb
from initiatives.models import Record


class DatedForm(Form):
    """`value` of the field `name` from the day `since` on."""

    since = widgets.day_field("自哪天起")

    def __init__(
        self, record: Record, kind: Kind, name: str, data: Any = None, *, places: Iterable[str] | None = None
    ) -> None:
        """`places`: as `own_field` takes them."""
        super().__init__(data, auto_id=f"{name}-%s")
        self.name = name
        self.own = next(field for field in kind.fields if field.name == name)
        self.label = self.own.label
        value = own_field(self.own, places)
        value.label, value.required = f"新的{self.label}", True
        value.initial = record.data.get(name)
        self.fields["value"] = value
        self.order_fields(["value", "since"])
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "form-control")

    def stored(self) -> Any:
        return stored(self.own, self.cleaned_data["value"])


class MoveForm(Form):
    """The day of a verb that ends the record; without one it is today."""

    day = widgets.day_field("日期", required=False)


def offered(record: Record, kind: Kind) -> Iterator[tuple[Verb, datetime.date | None]]:
    """The kind's verbs that may be done now; with today, to begin with, where the day of the end is asked for."""
    for verb in kind.verbs:
        if record.state in verb.source:
            leaving = kind.lasting and record.state == kind.first
            yield verb, timezone.localdate() if leaving and (verb.cuts or record.ends is None) else None
