"""A purchase's line as figures are explained by it: plain values, read without building objects."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Coalesce

from cixi_xiezuo.money import in_fen, to_fen
from procurement.choices import Channel, Holiday, Status, Use
from procurement.models import PurchaseLine

CHUNK = 5000

FIELDS = (
    "purchase_id",
    "purchase__number",
    "position",
    "purchase__status",
    "purchase__date",
    "purchase__channel",
    "purchase__supplier__name",
    "purchase__unit_id",
    "purchase__unit__code",
    "purchase__unit__name",
    "use",
    "holiday",
    "region_id",
    "region__code",
    "region__name",
    "region__is_832",
    "product_name",
    Coalesce(in_fen("recognised"), in_fen("amount")),
    in_fen("overlap"),
    "subject_id",
    "responsible_id",
)
"""Columns of `Line`, in its order."""


class Line(NamedTuple):
    """`amount` (what the figures use: recognised, until then claimed) and `overlap` in 分; ids where no name says so."""

    purchase: int
    number: str
    position: int
    status: str
    date: datetime.date | None
    channel: str
    supplier: str | None
    unit: int
    unit_code: str
    unit_name: str
    use: str
    holiday: str
    region: int | None
    region_code: str | None
    region_name: str | None
    is_832: bool | None
    product: str
    amount: int
    overlap: int
    subject: int | None
    responsible: int | None

    @classmethod
    def of(cls, line: PurchaseLine) -> Line:
        """A line that is at hand, with its purchase, unit and region; it need not be stored."""
        purchase, region = line.purchase, line.region
        return cls(
            purchase.pk,
            purchase.number,
            line.position,
            purchase.status,
            purchase.date,
            purchase.channel,
            None,
            purchase.unit_id,
            purchase.unit.code,
            purchase.unit.name,
            line.use,
            line.holiday,
            region.pk if region else None,
            region.code if region else None,
            region.name if region else None,
            region.is_832 if region else None,
            line.product_name,
            to_fen(line.figure),
            to_fen(line.overlap),
            line.subject_id,
            line.responsible_id,
        )

    @property
    def status_name(self) -> str:
        return str(Status(self.status).label)

    @property
    def use_name(self) -> str:
        return str(Use(self.use).label) if self.use else ""

    @property
    def holiday_name(self) -> str:
        return str(Holiday(self.holiday).label) if self.holiday else ""

    @property
    def channel_name(self) -> str:
        return str(Channel(self.channel).label) if self.channel else ""


def read(scope: Q | None = None) -> Iterator[Line]:
    """By purchase number and position; some thousand at a time in memory. One query."""
    rows = PurchaseLine.objects.order_by("purchase__number", "position")
    if scope is not None:
        rows = rows.filter(scope)
    return map(Line._make, rows.values_list(*FIELDS).iterator(chunk_size=CHUNK))
