"""The figures of schemes and applications, 分: always sums of what is stored elsewhere, asked anew each time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from cixi_xiezuo.money import to_fen
from initiatives.amounts import counted
from initiatives.funds.models import GRANTED, Application, ApplicationPurchase, Payment, Scheme


@dataclass(frozen=True, slots=True)
class Budget:
    """`granted`: agreed by both offices; `paid`: of that; `applications`: how many there are."""

    budget: int
    granted: int = 0
    paid: int = 0
    applications: int = 0

    @property
    def left(self) -> int:
        return self.budget - self.granted


def _sums(scheme: str) -> dict[str, Subquery]:
    """`scheme`: what the query around it calls the scheme."""
    mine = Application.objects.filter(scheme=OuterRef(scheme)).order_by().values("scheme")
    given = Payment.objects.filter(application__scheme=OuterRef(scheme)).order_by()
    return {
        "sum_agreed": Subquery(mine.filter(state__in=GRANTED).annotate(total=Sum("granted")).values("total")),
        "sum_paid": Subquery(
            given.values("application__scheme").annotate(total=Sum("amount")).values("total")
        ),
        "sum_count": Subquery(mine.annotate(n=Count("pk")).values("n")),
    }


def _budget(scheme: Scheme, row: Any) -> Budget:
    sums = to_fen(row.sum_agreed or 0), to_fen(row.sum_paid or 0)
    return Budget(to_fen(scheme.budget), *sums, row.sum_count or 0)


def budgets(schemes: Iterable[Scheme]) -> dict[int, Budget]:
    """By scheme id. One query."""
    rows = Scheme.objects.filter(pk__in=[scheme.pk for scheme in schemes]).order_by()
    return {row.pk: _budget(row, row) for row in rows.annotate(**_sums("pk"))}


def budget_of(scheme: Scheme) -> Budget:
    return budgets([scheme])[scheme.pk]


def with_budget(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Applications with the sums of their scheme, for `budget_beside`."""
    found: QuerySet[Application] = rows.annotate(**_sums("scheme"))
    return found


def budget_beside(application: Application) -> Budget:
    return _budget(application.scheme, application)


def paid_of(applications: Iterable[int]) -> dict[int, int]:
    """Application id → 分 paid so far. One query."""
    rows = Payment.objects.filter(application__in=list(applications)).order_by().values_list("application")
    return {pk: to_fen(total) for pk, total in rows.annotate(total=Sum("amount"))}


def evidence(applications: Iterable[int]) -> dict[int, int]:
    """Application id → 分: what its purchases add to the city's total now; a revoked one adds nothing. Three queries."""
    links = ApplicationPurchase.objects.filter(application__in=list(applications))
    pairs = list(links.values_list("application", "purchase"))
    by_purchase = counted({purchase for _, purchase in pairs})
    found: dict[int, int] = {}
    for application, purchase in pairs:
        found[application] = found.get(application, 0) + by_purchase[purchase]
    return found
