"""Texts that somebody means ill by, in every text of the database that a person may have written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models, transaction

from cixi_xiezuo import audit
from tests.security import state
from tests.security.access import RELATIONS
from tests.security.world import COLUMNS, EVERY, MAKERS, PERSONAL, World, unit_of

OURS = {
    "digest", "sha256", "key", "kind", "stream", "file", "url", "password", "identity", "code", "invoice_code",
    "job", "work", "app_label", "model", "codename", "session_key", "session_data", "reading", "claim",
    "media_type", "content", "receipts", "holidays", "holiday_days", "subject_kinds", "parameters", "params",
    "options", "agent",
}  # fmt: skip
"""Fields and keys whose text the system makes or checks itself."""
Make = Callable[[str], str]


def fill(world: World) -> None:
    """One record of every kind for the school, its union and a foreign unit, and some words in the trail."""
    for kind in MAKERS:
        for code in EVERY:
            world.object(kind, code)
    for kind in PERSONAL:
        for column in world.people.keys() & COLUMNS.keys():
            for relation in RELATIONS:
                world.object(kind, unit_of(column, relation), column if relation == "own" else "")
    world.lay_files()


def poison(world: World, make: Make) -> None:
    """Every text of every row becomes `make` of it; those of the trail, which never change, come in new rows."""
    with transaction.atomic():
        for word in ("登录失败", "退回", "核准"):
            text = make(word)
            audit.record(
                text[:60],
                by=world.people["clerk"],
                subject=make("采购 S01"),
                reason=text,
                changes={text: [text, text]},
            )
        number = next(world.serial)
        audit.record("退回", by=None, subject=f"采购 {number}", stream="S01", reason=make("原因"))
    for model in apps.get_models():
        if model._meta.managed and model._meta.db_table not in state.ASIDE | state.TRAIL | {
            "django_content_type"
        }:
            _poison_rows(model, make)
    for name, person in world.people.items():
        person.refresh_from_db()
        if name in world.clients:
            world.clients[name].force_login(person)
    for unit in world.units.values():
        unit.refresh_from_db()
    for thing in world.made.values():
        if isinstance(thing, models.Model):
            thing.refresh_from_db()


def _poison_rows(model: type[models.Model], make: Make) -> None:
    fields = [field for field in model._meta.concrete_fields if _written(field)]
    if not fields or model._meta.db_table in ("assessment_snapshot", "initiatives_keptsheet"):
        return
    for row in model._default_manager.all():
        changes: dict[str, Any] = {}
        for field in fields:
            value = getattr(row, field.attname)
            if isinstance(field, models.JSONField):
                changes[field.attname] = _inside(value, make)
            elif value or field.blank:
                size = getattr(field, "max_length", None) or 1000
                changes[field.attname] = make(value)[:size]
        model._default_manager.filter(pk=row.pk).update(**changes)


def _written(field: models.Field) -> bool:
    if field.primary_key or field.choices or field.name in OURS or field.is_relation:
        return False
    return isinstance(field, models.CharField | models.TextField | models.JSONField)


def _inside(value: Any, make: Make) -> Any:
    if isinstance(value, str):
        return make(value) if value else value
    if isinstance(value, list):
        return [_inside(each, make) for each in value]
    if isinstance(value, dict):
        return {name: each if name in OURS else _inside(each, make) for name, each in value.items()}
    return value
