"""What the handbook of django-import-export shows for these models: no checks, no doubts, no sums, no trail.

Imported after Django is set up. The settings are its own defaults.
"""

from __future__ import annotations

from typing import Any

from import_export import fields, resources, widgets

from procurement.choices import Channel, Holiday, Status, Use
from procurement.models import Purchase, PurchaseLine, Region, Supplier
from units.models import Unit


class Label(widgets.Widget):
    """A value of a closed list by its label."""

    def __init__(self, choices: Any) -> None:
        super().__init__()
        self.values = {label: value for value, label in choices.choices}
        self.labels = dict(choices.choices)

    def clean(self, value: Any, row: Any = None, **_: Any) -> str:
        return self.values[value] if value else ""

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        return str(self.labels.get(value, ""))


class PurchaseOfRow(widgets.ForeignKeyWidget):
    """The purchase of the row, made with its first line: the handbook's “creating non-existent relations”."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> Purchase:
        supplier, _made = Supplier.objects.get_or_create(name=row["供应商"])
        purchase, _made = Purchase.objects.get_or_create(
            number=value,
            defaults={
                "unit": Unit.objects.get(code=row["单位编码"]),
                "purchase_date": row["采购日期"],
                "date": row["采购日期"],
                "supplier": supplier,
                "channel": Label(Channel).clean(row["采购渠道"]),
                "status": Label(Status).clean(row["状态"]),
            },
        )
        return purchase


def _of(name: str, column: str, widget: Any = None, **options: Any) -> fields.Field:
    return fields.Field(column_name=column, attribute=name, widget=widget, **options)


class LineIn(resources.ModelResource):
    purchase = _of("purchase", "采购编号", PurchaseOfRow(Purchase, "number"))
    position = _of("position", "行", widgets.IntegerWidget())
    use = _of("use", "用途", Label(Use))
    holiday = _of("holiday", "法定节日", Label(Holiday))
    region = _of("region", "产地", widgets.ForeignKeyWidget(Region, "name"))
    product_name = _of("product_name", "产品名称")
    quantity = _of("quantity", "数量", widgets.DecimalWidget())
    measure = _of("measure", "计量单位")
    amount = _of("amount", "金额", widgets.DecimalWidget())

    class Meta:
        model = PurchaseLine
        import_id_fields = ("purchase", "position")
        fields = (
            "purchase", "position", "use", "holiday", "region", "product_name", "quantity", "measure", "amount",
        )  # fmt: skip

    def before_import(self, dataset: Any, **_: Any) -> None:
        """Number the lines of each purchase: the workbook does not."""
        seen: dict[str, int] = {}
        places = []
        for number in dataset["采购编号"]:
            seen[number] = seen.get(number, 0) + 1
            places.append(seen[number])
        dataset.append_col(places, header="行")


class LineOut(resources.ModelResource):
    """Twenty columns, as our export of lines has them."""

    number = _of("purchase__number", "采购编号")
    code = _of("purchase__unit__code", "单位编码")
    unit = _of("purchase__unit__name", "单位名称")
    bought = _of("purchase__purchase_date", "采购日期")
    issued = _of("purchase__invoice_date", "开票日期")
    supplier = _of("purchase__supplier__name", "供应商")
    channel = _of("purchase__channel", "采购渠道", Label(Channel))
    use = _of("use", "用途", Label(Use))
    holiday = _of("holiday", "法定节日", Label(Holiday))
    region = _of("region__name", "产地")
    product = _of("product_name", "产品名称")
    quantity = _of("quantity", "数量")
    measure = _of("measure", "计量单位")
    amount = _of("amount", "金额")
    overlap = _of("overlap", "其中已登记金额")
    recognised = _of("recognised", "核定金额")
    original = _of("purchase__original__number", "原采购编号")
    invoice_code = fields.Field(column_name="发票代码")
    invoice_number = fields.Field(column_name="发票号码")
    status = _of("purchase__status", "状态", Label(Status))

    class Meta:
        model = PurchaseLine
        fields = (
            "number", "code", "unit", "bought", "issued", "supplier", "channel", "use", "holiday", "region", "product",
            "quantity", "measure", "amount", "overlap", "recognised", "original", "invoice_code", "invoice_number",
            "status",
        )  # fmt: skip

    def get_queryset(self) -> Any:
        """With what the columns name, in one query: without it every row would ask five more."""
        rows = PurchaseLine.objects.select_related(
            "purchase__unit", "purchase__supplier", "purchase__original", "region"
        )
        return rows.prefetch_related("purchase__receipts")

    def dehydrate_invoice_code(self, line: PurchaseLine) -> str:
        return next((receipt.invoice_code for receipt in line.purchase.receipts.all()), "")

    def dehydrate_invoice_number(self, line: PurchaseLine) -> str:
        return next((receipt.invoice_number for receipt in line.purchase.receipts.all()), "")
