"""Which unit organises which kinds of unit: 市委直属机关工委 the departments, 市总工会 the unions, …

The policy says so; the assessment writes it here, so that the scope of a person can be read without it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, transaction

from units.kinds import Kind


class Organising(models.Model):
    """`name`: the organiser as the policy names it, which is that unit's own name."""

    name = models.CharField("组织单位", max_length=200, db_index=True)
    kind = models.CharField("单位类别", max_length=16, choices=Kind.choices)

    class Meta:
        verbose_name = "组织分工"
        constraints = [models.UniqueConstraint(fields=["name", "kind"], name="organising_once")]


@transaction.atomic
def set_organised(rows: Iterable[tuple[str, str]]) -> None:
    """Make these (organiser's name, kind) all there are. Part of the verb that changes the policy."""
    wanted = set(rows)
    kept = {(row.name, row.kind): row.pk for row in Organising.objects.all()}
    Organising.objects.filter(pk__in=[kept[row] for row in kept.keys() - wanted]).delete()
    Organising.objects.bulk_create(Organising(name=name, kind=kind) for name, kind in wanted - kept.keys())
