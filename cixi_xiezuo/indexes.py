"""Indexes of tables that are large already: PostgreSQL makes them while others write.

A migration that has some is `atomic = indexes.ATOMIC`, and the indexes it makes anew come before those it drops. One that
was cut short is run again: what it left half made is made anew.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, migrations

ATOMIC = connection.vendor != "postgresql"
"""PostgreSQL makes no index beside writers in a transaction; SQLite, which copies whole tables, wants one."""


class AddIndex(migrations.AddIndex):
    """As Django's, without holding up who writes meanwhile."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not _beside_writers(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{self.index.name}"')
        schema_editor.add_index(model, self.index, concurrently=True)


def add(schema_editor: Any, name: str, on: str) -> None:
    """An index of PostgreSQL alone, which no model has: `on` is its table with what is in it."""
    beside = "CONCURRENTLY" if _beside_writers(schema_editor) else ""
    schema_editor.execute(f"DROP INDEX {beside} IF EXISTS {name}")
    schema_editor.execute(f"CREATE INDEX {beside} {name} ON {on}")


def _beside_writers(schema_editor: Any) -> bool:
    link = schema_editor.connection
    return link.vendor == "postgresql" and not link.in_atomic_block
