"""Filtering purchases by what the state's checking site said of their invoices."""

from __future__ import annotations

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from cixi_xiezuo import widgets
from procurement.choices import CheckResult, ReceiptKind
from procurement.models import Purchase, Receipt


class CheckFilter(django_filters.ChoiceFilter):
    """未查: an invoice is still to be checked; 一致: all are checked and match; 不一致: one does not."""

    def __init__(self) -> None:
        widget = widgets.select()
        super().__init__(label="查验", choices=CheckResult.choices, empty_label="全部", widget=widget)

    def filter(self, qs: QuerySet[Purchase], value: str) -> QuerySet[Purchase]:
        invoices = Receipt.objects.filter(purchase=OuterRef("pk"), kind=ReceiptKind.INVOICE).exclude(
            invoice_number=""
        )
        if value in (CheckResult.UNCHECKED, CheckResult.DIFFERS):
            return qs.filter(Exists(invoices.filter(check_result=value)))
        if value == CheckResult.MATCHES:
            return qs.filter(Exists(invoices)).exclude(Exists(invoices.exclude(check_result=value)))
        return qs
