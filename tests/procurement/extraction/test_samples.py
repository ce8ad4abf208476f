"""The three real files, field by field as their XML has them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from procurement.extraction import InvoiceData, Item, read
from procurement.extraction.data import SHOWN

SAMPLES = Path(__file__).parents[2] / "samples"


def sample(name: str) -> InvoiceData:
    return read((SAMPLES / f"e-invoice-{name}.ofd").read_bytes(), f"{name}.ofd")


def test_it_reads_the_hotel_invoice_of_2020_exactly() -> None:
    data = sample("2020-hotel")
    assert (data.format, data.kind, data.document, data.invoice_type) == ("ofd", "invoice", "invoice", "10")
    assert data.invoice_code == "033002000211"
    assert data.invoice_number == "83089647"
    assert data.identity == "03300200021183089647"
    assert data.issue_date == date(2020, 7, 23)
    assert (data.total, data.amount, data.tax) == (Decimal("526.00"), Decimal("510.68"), Decimal("15.32"))
    assert data.check_code == "16197833567414507415"
    assert (data.buyer_name, data.buyer_id) == ("江苏京利华新材料有限公司", "91320115MA202UKD7X")
    assert (data.seller_name, data.seller_id) == ("兰溪市悦济舫餐厅", "92330781MA2EDMFU50")
    assert data.items == (Item("*餐饮服务*餐费", Decimal(1), "", Decimal("510.68"), Decimal("15.32")),)
    assert data.problems == ()


def test_it_reads_all_hundred_items_over_five_pages() -> None:
    data = sample("2020-many-items")
    assert (data.format, data.kind, data.invoice_type) == ("ofd", "invoice", "10")
    assert data.identity == "05000170011112235358"
    assert data.issue_date == date(2020, 8, 5)
    assert (data.total, data.amount, data.tax) == (
        Decimal("10600.00"),
        Decimal("10000.00"),
        Decimal("600.00"),
    )
    assert data.check_code == "16630282980991510014"
    assert (data.buyer_name, data.buyer_id) == ("个人", "")
    assert (data.seller_name, data.seller_id) == ("财天下科技有限公司", "91500102563638729E")
    assert data.items == (Item("*餐饮服务*餐费", None, "", Decimal("100.00"), Decimal("6.00")),) * 100
    # The code in this file really has a wrong check digit.
    assert data.problems == ("销售方统一社会信用代码 91500102563638729E 的校验位不对，请核对。",)


def test_it_reads_the_fully_digital_invoice_by_its_tags() -> None:
    data = sample("2024-fully-digital")
    assert (data.format, data.kind, data.invoice_type) == ("ofd", "invoice", "31")
    assert (data.invoice_code, data.invoice_number) == ("", "24112000000048542163")
    assert data.identity == "24112000000048542163"
    assert data.issue_date == date(2024, 5, 28)
    assert (data.total, data.amount, data.tax) == (Decimal("4449.00"), Decimal("4197.17"), Decimal("251.83"))
    assert data.check_code == ""
    assert (data.buyer_name, data.buyer_id) == ("海南麒麟云服科技有限公司", "91460300MAA92DJN95")
    assert (data.seller_name, data.seller_id) == ("北京互联三六五科技有限公司", "91110108690017781B")
    assert data.items == (
        Item("*信息技术服务*技术服务费", Decimal(1), "", Decimal("4197.17"), Decimal("251.83")),
    )
    assert data.problems == ()


@pytest.mark.parametrize("name", ["2020-hotel", "2020-many-items", "2024-fully-digital"])
def test_every_source_inside_a_real_file_says_the_same(name: str) -> None:
    from procurement.extraction.ofd import OfdParser

    whole = sample(name)
    partial = OfdParser().parse((SAMPLES / f"e-invoice-{name}.ofd").read_bytes())
    readings = {reading.label: reading for reading in partial.readings}
    text = readings["票面文字"]
    expected = {field: getattr(whole, field) for field in SHOWN if getattr(whole, field)}
    found = {field: value for field, value in text.fields.items() if field in SHOWN}
    assert found == expected
    assert tuple(text.items) == whole.items
    assert text.capital == whole.total


def test_its_json_has_the_agreed_keys() -> None:
    out = sample("2024-fully-digital").to_json("a.ofd")
    assert list(out) == [
        "file",
        "format",
        "kind",
        "invoice_code",
        "invoice_number",
        "issue_date",
        "total",
        "amount",
        "tax",
        "check_code",
        "buyer_name",
        "buyer_id",
        "seller_name",
        "seller_id",
        "items",
        "source",
        "problems",
    ]
    assert out["issue_date"] == "2024-05-28"
    assert (out["total"], out["invoice_code"], out["check_code"]) == ("4449.00", None, None)
    assert out["items"] == [
        {"name": "*信息技术服务*技术服务费", "quantity": "1", "unit": None, "amount": "4197.17"}
    ]
    assert out["source"]["total"] == "xml"
    assert out["problems"] == []
