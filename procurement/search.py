"""Find a unit, supplier, purchase, invoice or product by a few characters, within what the person may see.

Chinese by any part of the name; letters also by the initials of the pinyin: "qcw" finds 青瓷湾学校.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.http import urlencode

from procurement.choices import Status
from procurement.ends import in_invoice, in_purchase, numbered, picked, product_names
from procurement.models import Purchase, PurchaseLine, Receipt, Supplier
from procurement.receipts import identity, normal_number
from units.initials import initials
from units.models import Unit
from units.scope import Scope

SHORTEST = 2
LONGEST = 60
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one sort, at most SHOWN; `more`: there are further ones."""

    label: str
    icon: str
    hits: list[Hit]
    more: bool


def search(user: Any, text: str) -> list[Group]:
    """A few queries. Empty for a text shorter than SHORTEST."""
    text = text.strip()[:LONGEST]
    if len(text) < SHORTEST:
        return []
    groups = [_units(user, text)]
    if Scope.of(user).takes_part:
        groups += [
            _purchases(user, text),
            _invoices(user, text),
            _suppliers(user, text),
            _products(user, text),
        ]
    return [group for group in groups if group.hits]


def _by_letters(text: str) -> bool:
    return text.isascii() and text.isalnum() and not text.isdecimal()


def _group(label: str, icon: str, hits: Iterable[Hit]) -> Group:
    found = list(hits)
    return Group(label, icon, found[:SHOWN], len(found) > SHOWN)


def _units(user: Any, text: str) -> Group:
    scope = Scope.of(user)
    rows = scope.listed().order_by("-active", "code").only("pk", "code", "name", "kind", "active")
    if _by_letters(text):
        low = text.lower()
        found = [u for u in rows if low in u.code.lower() or low in u.uscc.lower() or low in initials(u.name)]
    else:
        found = list(
            rows.filter(Q(name__icontains=text) | Q(code__icontains=text) | Q(uscc__iexact=text))[: SHOWN + 1]
        )
    return _group("单位", "building", (_unit(unit, scope) for unit in found[: SHOWN + 1]))


def _unit(unit: Unit, scope: Scope) -> Hit:
    to = (
        reverse("unit", args=[unit.code])
        if scope.takes_part
        else f"{reverse('units')}?{urlencode({'text': unit.code})}"
    )
    return Hit(unit.name, f"{unit.code} · {unit.get_kind_display()}{'' if unit.active else ' · 已停用'}", to)


def _purchases(user: Any, text: str) -> Group:
    found = numbered(Purchase.objects.visible_to(user), "number", text, in_purchase(text))
    rows = picked(found).select_related("unit", "supplier")
    return _group(
        "采购", "shopping-cart", (_purchase(row) for row in rows.order_by("-date", "-pk")[: SHOWN + 1])
    )


def _purchase(row: Purchase) -> Hit:
    parts = [str(row.unit), str(row.supplier or "未填供应商"), str(row.date or ""), Status(row.status).label]
    return Hit(row.number, " · ".join(filter(None, parts)), reverse("purchase", args=[row.pk]))


def _invoices(user: Any, text: str) -> Group:
    if not any(char.isdigit() for char in text):
        return _group("发票", "file-invoice", [])
    seen = Receipt.objects.visible_to(user).exclude(purchase=None).exclude(invoice_number="")
    rows = picked(numbered(seen, "invoice_number", text, in_invoice(text)))
    if normal_number(text) != text and not rows.exists():  # written otherwise than it is kept
        rows = seen.filter(identity=identity("", text))
    rows = rows.select_related("purchase__unit")
    return _group("发票", "file-invoice", (_invoice(row) for row in rows.order_by("-pk")[: SHOWN + 1]))


def _invoice(row: Any) -> Hit:
    detail = f"采购 {row.purchase.number} · {row.purchase.unit}"
    return Hit(f"发票 {row.invoice_number}", detail, reverse("purchase", args=[row.purchase_id]))


def _suppliers(user: Any, text: str) -> Group:
    seen = Purchase.objects.visible_to(user).filter(supplier=OuterRef("pk"))
    rows = Supplier.objects.filter(Exists(seen)).order_by("name").only("pk", "name")
    if _by_letters(text):
        found = [row for row in rows if text.lower() in initials(row.name)]
    else:
        found = list(rows.filter(Q(name__icontains=text) | Q(uscc__iexact=text))[: SHOWN + 1])
    return _group(
        "供应商",
        "building-store",
        (_bought(row.name, "看向它采购的记录", "text") for row in found[: SHOWN + 1]),
    )


def _products(user: Any, text: str) -> Group:
    """Each with the latest purchase of it."""
    low = text.lower()
    names = [
        name
        for name in product_names()
        if low in name.lower() or (_by_letters(text) and low in initials(name))
    ]
    lines = PurchaseLine.objects.filter(product_name__in=names).order_by()
    if not Scope.of(user).everything:
        lines = lines.filter(purchase__in=Purchase.objects.visible_to(user))
    latest = lines.values("product_name").annotate(latest=Max("pk")).order_by("product_name")
    rows = PurchaseLine.objects.filter(pk__in=latest.values("latest")[: SHOWN + 1])
    found = rows.order_by("product_name").values_list("product_name", "purchase__date", "purchase")
    return _group(
        "产品",
        "package",
        (
            Hit(name, f"最近一次采购 {last or '未填日期'}", reverse("purchase", args=[pk]))
            for name, last, pk in found
        ),
    )


def _bought(name: str, detail: str, field: str) -> Hit:
    return Hit(name, detail, f"{reverse('purchases')}?{urlencode({field: name})}")
