"""XML that reaches out or swells, bare and inside each part of an OFD, a zip and a PDF."""

from __future__ import annotations

from collections.abc import Callable

from tests.security.hostile.bait import Bait, Family, Maker
from tests.security.hostile.pdf import Pdf
from tests.security.hostile.zips import zipped

FAMILY = Family("entity")

Text = Callable[[Bait], str]


def _invoice(doctype: str, number: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<EInvoice><TaxSupervisionInfo><InvoiceNumber>{number}'
        f"</InvoiceNumber></TaxSupervisionInfo><SellerName>{number}</SellerName></EInvoice>"
    )


def _laughs(levels: int, times: int) -> str:
    inner = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * times}">' for level in range(1, levels))
    return _invoice(f'<!DOCTYPE a [<!ENTITY e0 "哈哈">{inner}]>', f"&e{levels - 1};")


ATTACKS: dict[str, Text] = {
    "a file": lambda bait: _invoice(f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{bait.path}">]>', "&x;"),
    "a web address": lambda bait: _invoice(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{bait.url}x">]>', "&x;"),
    "an external DTD": lambda bait: _invoice(f'<!DOCTYPE EInvoice SYSTEM "{bait.url}a.dtd">', "1"),
    "a DTD that is a file": lambda bait: _invoice(f'<!DOCTYPE EInvoice SYSTEM "file://{bait.path}">', "1"),
    "a parameter entity": lambda bait: _invoice(
        f'<!DOCTYPE a [<!ENTITY % p SYSTEM "{bait.url}p"> %p;]>', "1"
    ),
    "a billion laughs": lambda bait: _laughs(10, 10),
    "a quadratic entity": lambda bait: _invoice(
        f'<!DOCTYPE a [<!ENTITY q "{"哈" * 60_000}">]>', "&q;" * 30_000
    ),
}

MAIN = b"<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>"

PLACES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "bare": ("发票.xml", lambda xml: xml),
    "in a zip": ("发票.zip", lambda xml: zipped({"a.xml": xml})),
    "OFD.xml": ("发票.ofd", lambda xml: zipped({"OFD.xml": xml})),
    "Document.xml": ("发票.ofd", lambda xml: zipped({"OFD.xml": MAIN, "Doc_0/Document.xml": xml})),
    "the attached invoice": (
        "发票.ofd",
        lambda xml: zipped({"OFD.xml": MAIN, "Doc_0/Attachs/original_invoice.xml": xml}),
    ),
    "the tags": ("发票.ofd", lambda xml: zipped({"OFD.xml": MAIN, "Doc_0/Tags/CustomTag.xml": xml})),
    "a page": ("发票.ofd", lambda xml: zipped({"OFD.xml": MAIN, "Doc_0/Pages/Page_0/Content.xml": xml})),
    "attached to a PDF": ("发票.pdf", lambda xml: Pdf().page().attach("a.xml", xml).bytes()),
}


def _placed(attack: Text, place: Callable[[bytes], bytes]) -> Maker:
    return lambda bait: place(attack(bait).encode())


for _attack, _text in ATTACKS.items():
    for _place, (_upload, _put) in PLACES.items():
        FAMILY.add(f"{_attack}, {_place}", _upload, _placed(_text, _put))
