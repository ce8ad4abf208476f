"""The same invoice as 数电票 XML, and as an OFD whose tags point at its text."""

from __future__ import annotations

import io
import zipfile
from xml.etree.ElementTree import Element, SubElement, tostring

from assessment.demo.invoice_pen import plain_number
from assessment.demo.invoice_spec import InvoiceSpec

_STAMP = (2021, 1, 1, 0, 0, 0)


def _tree(root: Element, values: dict[str, object]) -> None:
    for tag, value in values.items():
        child = SubElement(root, tag)
        if isinstance(value, dict):
            _tree(child, value)
        else:
            child.text = str(value)


def make_xml(spec: InvoiceSpec) -> bytes:
    root = Element("EInvoice")
    label = {"LabelCode": "01" if spec.type == "31" else "02", "LabelName": ""}
    _tree(root, {"Header": {"EIid": spec.number, "InherentLabel": {"GeneralOrSpecialVAT": label}}})
    data = SubElement(root, "EInvoiceData")
    _tree(
        data,
        {
            "SellerInformation": {"SellerIdNum": spec.seller.id, "SellerName": spec.seller.name},
            "BuyerInformation": {"BuyerIdNum": spec.buyer.id, "BuyerName": spec.buyer.name},
            "BasicInformation": {
                "TotalAmWithoutTax": f"{spec.amount:.2f}",
                "TotalTaxAm": f"{spec.tax:.2f}",
                "TotalTax-includedAmount": f"{spec.total:.2f}",
                "Drawer": spec.drawer,
                "RequestTime": f"{spec.issue_date:%Y-%m-%d} 10:00:00",
            },
        },
    )
    for item in spec.items:
        row = SubElement(data, "IssuItemInformation")
        _tree(
            row,
            {
                "ItemName": item.name,
                "SpecMod": item.spec,
                "MeaUnits": item.unit,
                "Quantity": plain_number(item.quantity),
                "Amount": f"{item.amount:.2f}",
                "TaxRate": item.rate,
                "ComTaxAm": f"{item.tax:.2f}",
            },
        )
    supervision = {"InvoiceNumber": spec.number, "IssueTime": f"{spec.issue_date:%Y-%m-%d}"}
    _tree(root, {"TaxSupervisionInfo": supervision})
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


class _Page:
    """Text objects with running IDs, and the tags that point at them."""

    def __init__(self) -> None:
        self.objects: list[str] = []

    def text(self, x: float, y: float, words: str) -> str:
        """Adds an object whose baseline is `y` mm; returns its ID."""
        number = str(100 + len(self.objects))
        safe = words.replace("&", "&amp;").replace("<", "&lt;")
        self.objects.append(
            f'<ofd:TextObject ID="{number}" Boundary="{x} {y - 4} 90 5" Size="3.175">'
            f'<ofd:TextCode X="0" Y="4">{safe}</ofd:TextCode></ofd:TextObject>'
        )
        return number


def _ref(tag: str, *ids: str) -> str:
    refs = "".join(f'<ofd:ObjectRef PageRef="1">{number}</ofd:ObjectRef>' for number in ids)
    return f"<ofd:{tag}>{refs}</ofd:{tag}>"


def make_ofd(spec: InvoiceSpec) -> bytes:
    """Fully digital: no attached XML, every field by CustomTag, no picture of the QR code."""
    page = _Page()
    tags = [
        _ref("InvoiceNo", page.text(170, 14, spec.number)),
        _ref("IssueDate", page.text(170, 20, spec.day)),
    ]
    for role, x, party in (("Buyer", 20, spec.buyer), ("Seller", 120, spec.seller)):
        name, code = page.text(x, 36.5, party.name), page.text(x + 34, 47, party.id)
        tags.append(f"<ofd:{role}>{_ref(role + 'Name', name)}{_ref(role + 'TaxID', code)}</ofd:{role}>")
    for tag, x, y, value in (
        ("TaxExclusiveTotalAmount", 142, 94.6, spec.amount),
        ("TaxTotalAmount", 194, 94.6, spec.tax),
        ("TaxInclusiveTotalAmount", 158, 101, spec.total),
    ):
        tags.append(_ref(tag, page.text(x - 2.4, y, "¥"), page.text(x, y, f"{value:.2f}")))
    for index, item in enumerate(spec.items):
        y = 59.3 + 4.5 * index
        cells = (
            ("Item", 4.5, item.name),
            ("MeasurementDimension", 68, item.unit),
            ("Quantity", 98, plain_number(item.quantity)),
            ("Amount", 141, f"{item.amount:.2f}"),
            ("TaxScheme", 165, item.rate),
            ("TaxAmount", 196, f"{item.tax:.2f}"),
        )
        tags += [_ref(tag, page.text(x, y, words)) for tag, x, words in cells if words]
    objects, refs = "".join(page.objects), "".join(tags)
    parts = {
        "OFD.xml": f'<ofd:OFD {_NS} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo/>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NS}><ofd:CommonData><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
        "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>",
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {_NS}><ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer>'
        "</ofd:Content></ofd:Page>",
        "Doc_0/Tags/CustomTags.xml": f'<ofd:CustomTags {_NS}><ofd:CustomTag TypeID="root">'
        "<ofd:FileLoc>CustomTag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>",
        "Doc_0/Tags/CustomTag.xml": f"<ofd:root {_NS}>{refs}</ofd:root>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), _HEAD + content)
    return buffer.getvalue()
