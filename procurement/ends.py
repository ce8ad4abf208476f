"""Numbers found by a part of them, and names of products: by index however many there are.

A number is looked for by how it begins and how it ends; by any part of it only where that finds none and the text may be
inside of such a number, as all of them are read for it. SQLite keeps no index for either and reads all each time.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Reverse
from django.db.models.lookups import StartsWith

from procurement.models import PurchaseLine

_NAMES = """
WITH RECURSIVE names(name) AS (
    SELECT MIN(product_name) FROM {table}
    UNION ALL
    SELECT (SELECT MIN(product_name) FROM {table} WHERE product_name > names.name) FROM names WHERE names.name IS NOT NULL
) SELECT name FROM names WHERE name <> ''
"""


LONG = 8
"""So many digits in a row are of an invoice, not of a purchase."""
PICKED = 1000


def in_purchase(text: str) -> bool:
    return text.isascii() and any(map(str.isdecimal, text)) and not (text.isdecimal() and len(text) >= LONG)


def in_invoice(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def numbered(rows: QuerySet[Any], field: str, text: str, inside: bool) -> QuerySet[Any]:
    """The rows whose number, in `field`, holds the text. `inside`: it may be in the midst of one."""
    if connection.vendor == "postgresql":
        near = rows.filter(_ends(field, text))
        if not inside or near.order_by().exists():
            return near
    return rows.filter(**{f"{field}__icontains": text})


def picked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Some of the rows, asked for first without their order, which PostgreSQL would follow through the whole table."""
    return rows.filter(pk__in=list(rows.order_by().values_list("pk", flat=True)[:PICKED]))


def _ends(field: str, text: str) -> Q:
    found = Q()
    for form in {text, text.upper()}:
        found |= Q(**{f"{field}__startswith": form}) | Q(StartsWith(Reverse(F(field)), form[::-1]))
    return found


def product_names() -> list[str]:
    """Every name that some line has, from one step of the index to the next."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES.format(table=PurchaseLine._meta.db_table))
        return [name for (name,) in cursor.fetchall()]


def names_with(text: str) -> list[str]:
    low = text.lower()
    return [name for name in product_names() if low in name.lower()]
