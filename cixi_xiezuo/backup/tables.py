"""The rows of every table as lines of JSON, in values that do not depend on the database, and back."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader

Model = type[models.Model]
LEFT_OUT = frozenset({"sessions.Session"})
"""Nobody's session outlives a restore."""
MADE_BY_MIGRATE = ("auth.Permission", "contenttypes.ContentType")
"""Tables that a new database already has rows in; a backup's take their place."""


def every_model() -> list[Model]:
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]
    return sorted((m for m in found if m._meta.label not in LEFT_OUT), key=lambda m: m._meta.label)


def migrations() -> dict[str, list[str]]:
    """What has been applied, by app: the shape of the tables."""
    applied = MigrationLoader(connection).applied_migrations
    found: dict[str, list[str]] = {}
    for app, name in sorted(applied):
        found.setdefault(app, []).append(name)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    raise TypeError(f"a backup cannot hold {type(value).__name__}")


def lines(model: Model) -> Iterator[bytes]:
    """A table's rows in the order of their keys: first the columns' names, then a list of values a row."""
    names = [field.attname for field in model._meta.concrete_fields]
    yield _line(names)
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=2000):
        yield _line(row)


def _line(values: Iterable[Any]) -> bytes:
    return (
        json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"
    )


def filled() -> list[str]:
    """Tables, by label, that have rows though nothing but migrate has run."""
    return [
        model._meta.label
        for model in every_model()
        if model._meta.label not in MADE_BY_MIGRATE and model._base_manager.exists()
    ]


def make_room() -> None:
    for label in MADE_BY_MIGRATE:
        apps.get_model(label)._base_manager.all().delete()


def put(model: Model, rows: Iterator[bytes]) -> int:
    """Store a table's lines as they were; returns how many rows. Nothing is filled in or changed on the way."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in json.loads(next(rows))]
    size = max(1, connection.ops.bulk_batch_size(fields, range(1000)))
    batch: list[models.Model] = []
    count = 0
    for row in rows:
        values = json.loads(row)
        batch.append(
            model(
                **{field.attname: field.to_python(value) for field, value in zip(fields, values, strict=True)}
            )
        )
        if len(batch) == size:
            count += _insert(model, fields, batch)
            batch = []
    return count + _insert(model, fields, batch)


def _insert(model: Model, fields: list[Any], batch: list[models.Model]) -> int:
    if batch:
        model._base_manager.all()._insert(batch, fields, raw=True, using=connection.alias)  # type: ignore[attr-defined]
    return len(batch)


def finish() -> None:
    """After all rows are in: every key points somewhere, and new rows get numbers of their own."""
    connection.check_constraints()
    reset = connection.ops.sequence_reset_sql(no_style(), every_model())
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in reset:
            cursor.execute(statement)
