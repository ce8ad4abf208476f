"""What an element of an invoice's XML means, whoever named it.

Four families of names are met: 数电票 of the tax administration, the 2019 e-invoice schema (attached to OFD, and in its tags),
the accounting data standard (XBRL) and the pinyin initials of the issuing programs. Case, `_`, `-` and `.` do not count.
"""

from __future__ import annotations

import re
from typing import Any

from procurement.extraction.values import compact, name_text, parse_date, parse_money

_FIELDS: dict[str, tuple[str, ...]] = {
    "invoice_code": ("InvoiceCode", "CodeOfInvoice", "EInvoiceCode", "FPDM"),
    "invoice_number": (
        "InvoiceNumber",
        "InvoiceNo",
        "EIid",
        "EInvoiceNumber",
        "NumberOfInvoice",
        "ElectronicInvoiceRailwayETicketNumber",
        "ElectronicInvoiceAirTransportReceiptNumber",
        "FPHM",
    ),
    "issue_date": ("IssueTime", "IssueDate", "DateOfIssue", "RequestTime", "KPRQ"),
    "total": (
        "TotalTax-includedAmount",
        "TaxInclusiveTotalAmount",
        "TaxIncludedAmountInFigures",
        "JSHJ",
        "TotalAmount",
        "Fare",
    ),
    "amount": (
        "TotalAmWithoutTax",
        "TaxExclusiveTotalAmount",
        "TotalAmountExcludingTax",
        "AmountWithoutTax",
        "HJJE",
    ),
    "tax": ("TotalTaxAm", "TaxTotalAmount", "TotalTaxAmount", "HJSE", "TaxAmount"),
    "check_code": ("InvoiceCheckCode", "CheckCode", "IdentifyingCode", "JYM"),
    "buyer_name": ("BuyerName", "NameOfPurchaser", "PurchaserName", "PayerPartyName", "GMF_MC", "GFMC"),
    "buyer_id": (
        "BuyerIdNum",
        "BuyerTaxID",
        "BuyerTaxNo",
        "UnifiedSocialCreditCodeOfPurchaser",
        "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser",
        "PayerPartyCode",
        "GMF_NSRSBH",
        "GFSH",
    ),
    "seller_name": ("SellerName", "NameOfSeller", "InvoicingPartyName", "IssueParty", "XSF_MC", "XFMC"),
    "seller_id": (
        "SellerIdNum",
        "SellerTaxID",
        "SellerTaxNo",
        "UnifiedSocialCreditCodeOfSeller",
        "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller",
        "InvoicingPartyCode",
        "IssuePartyCode",
        "XSF_NSRSBH",
        "XFSH",
    ),
    "capital": (
        "TotalTax-includedAmountInChinese",
        "TaxIncludedAmountInWords",
        "TaxInclusiveTotalAmountWithWords",
        "TotalAmountCapital",
    ),
    "qr": ("GraphCode", "QrCode", "EWM"),
}
_ROWS = (
    "IssuItemInformation",
    "GoodsInfo",
    "InformationOfTaxableGoodsOrServicesDetailItemsTuple",
    "COMMON_FPKJ_XMXX",
)
_CELLS: dict[str, tuple[str, ...]] = {
    "name": ("ItemName", "Item", "NameOfTaxableGoodsOrServices", "GoodsName", "XMMC", "SPMC"),
    "unit": ("MeaUnits", "MeasurementDimension", "UnitOfMeasurement", "DW", "JLDW"),
    "quantity": ("Quantity", "XMSL", "SPSL"),
    "amount": ("Amount", "AmountExcludingTax", "XMJE", "JE"),
    "tax": ("ComTaxAm", "TaxAmount", "SE"),
}
_BUYER = ("buyer", "buyerinformation", "purchaser", "gmf", "gf")
_SELLER = ("seller", "sellerinformation", "xsf", "xf")
_PARTY: dict[str, tuple[str, ...]] = {
    "name": ("name", "mc", "partyname"),
    "id": ("taxid", "taxno", "idnum", "taxpayerid", "nsrsbh"),
}


def folded(tag: str) -> str:
    """A name without what writers spell as they like."""
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", tag.lower())


def _folded_table(table: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, int]]:
    return {
        folded(tag): (name, rank) for name, tags in reversed(table.items()) for rank, tag in enumerate(tags)
    }


_BY_TAG, _BY_CELL = _folded_table(_FIELDS), _folded_table(_CELLS)
_ROW_TAGS = {folded(tag) for tag in _ROWS}


def field_of(tag: str, parent: str = "") -> tuple[str, int] | None:
    """The field (or "capital", "qr") a tag holds, and how far behind better names it stands; None for any other."""
    key = folded(tag)
    if found := _BY_TAG.get(key):
        return found
    inside = folded(parent)
    role = "buyer" if inside in _BUYER else "seller" if inside in _SELLER else ""
    for part, names in _PARTY.items():
        if role and key in names:
            return f"{role}_{part}", 0
    return None


def cell_of(tag: str) -> str | None:
    """The column of the goods table a tag holds: name, unit, quantity, amount, tax."""
    found = _BY_CELL.get(folded(tag))
    return found[0] if found else None


def is_row(tag: str) -> bool:
    """Whether the element is one row of the goods table."""
    return folded(tag) in _ROW_TAGS


def convert(name: str, text: str) -> Any:
    """The value of a field from its text; None when it makes no sense."""
    if name in ("total", "amount", "tax"):
        return parse_money(text)
    if name == "issue_date":
        return parse_date(text)
    if name.endswith("_name"):
        return name_text(text)
    return compact(text).upper()
