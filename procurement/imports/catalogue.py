"""产品.xlsx and 供应商.xlsx: the catalogue with its recognitions (认定编号, 认定有效期至)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed
from procurement.imports import cells
from procurement.imports.alone import alone, locking
from procurement.imports.plan import Plan, shown
from procurement.imports.report import Problem, Report
from procurement.imports.sheet import Column, Read, Tell, read
from procurement.imports.units import name, uscc
from procurement.models import Product, Supplier
from units.models import Role
from units.scope import Scope


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`fields`: what each column but the name sets."""

    label: str
    model: type[Product] | type[Supplier]
    columns: tuple[Column, ...]
    fields: dict[str, str]

    @property
    def key(self) -> str:
        return self.columns[0].name


_RECOGNITION = (Column("认定编号", name(50), varied=True), Column("认定有效期至", cells.date))
_FIELDS = {"认定编号": "recognition_number", "认定有效期至": "recognised_until"}
PRODUCTS = Catalogue(
    "产品", Product, (Column("产品名称", name(150), required=True, varied=True), *_RECOGNITION), _FIELDS
)
SUPPLIERS = Catalogue(
    "供应商",
    Supplier,
    (
        Column("供应商", name(150), required=True, varied=True),
        Column("统一社会信用代码", uscc, varied=True),
        *_RECOGNITION,
    ),
    {"统一社会信用代码": "uscc", **_FIELDS},
)


def load_products(data: bytes, *, by: Any) -> Report:
    """Raises Rejected with every bad row; NotAllowed without the right."""
    return _load(PRODUCTS, data, by)


def load_suppliers(data: bytes, *, by: Any) -> Report:
    """Raises Rejected with every bad row; NotAllowed without the right."""
    return _load(SUPPLIERS, data, by)


def _load(kind: Catalogue, data: bytes, by: Any) -> Report:
    sheet = read(data, kind.columns, kind.label)
    with alone():
        return plan_catalogue(kind, sheet, by=by).carry_out()


def plan_catalogue(kind: Catalogue, sheet: Read, *, by: Any) -> Plan:
    """A row is the whole truth of its entry; columns left out are kept."""
    if by is not None and not Scope.of(by).has(Role.BUREAU):
        raise NotAllowed(f"{kind.label}目录由市商务局导入")
    plan = Plan(kind.label, notices=list(sheet.notices), problems=list(sheet.problems))
    existing = {entry.name: entry for entry in locking(kind.model._default_manager.all())}
    seen: set[str] = set()
    new: list[Any] = []
    changed: list[Any] = []
    before: dict[str, dict[str, str]] = {}
    for row in sheet.rows:
        text = row.get(kind.key)
        if not text:
            continue
        if text in seen:
            plan.problems.append(Problem(row.number, kind.key, text, "本表中重复出现，每个名称只填一行"))
            continue
        seen.add(text)
        entry = existing.get(text) or kind.model(name=text)
        old = _said(kind, entry)
        for column, field in kind.fields.items():
            if column in sheet.given:
                value = row.get(column)
                setattr(entry, field, value if value is not None or field == "recognised_until" else "")
        after = _said(kind, entry)
        if entry.pk is None:
            plan.add_new(row.number, text, partial("，".join, filter(None, after.values())))
            new.append(entry)
        elif after != old:
            fields = ((column, old[column], after[column]) for column in after)
            plan.add_changed(row.number, text, tuple(each for each in fields if each[1] != each[2]))
            changed.append(entry)
            before[text] = old
        else:
            plan.add_same(text)
    plan.store = partial(_store, kind, new, changed, before, by=by)
    return plan


def _said(kind: Catalogue, entry: Any) -> dict[str, str]:
    return {column: shown(getattr(entry, field)) for column, field in kind.fields.items()}


def _store(
    kind: Catalogue,
    new: list[Any],
    changed: list[Any],
    before: dict[str, dict[str, str]],
    *,
    by: Any,
    source: Mapping[str, Any],
    tell: Tell,
) -> None:
    tell("写入", 0, len(new) + len(changed))
    manager = kind.model._default_manager
    manager.bulk_create(new, batch_size=500)
    manager.bulk_update(changed, list(kind.fields.values()), batch_size=200)
    if new or changed:
        created = [entry.name for entry in new]
        subject = kind.label
        audit.record(f"导入{subject}", by=by, subject=subject, created=created, updated=before, **source)
