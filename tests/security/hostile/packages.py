"""Zips whose entries want to be written, or read, somewhere else."""

from __future__ import annotations

from tests.security.hostile.bait import Bait, Family, Maker
from tests.security.hostile.zips import Entry, build, deflated, zipped

FAMILY = Family("package")

NAMES = {
    "up": "../../../../{}.xml",
    "up, in the middle": "a/../../../{}.xml",
    "up, backslashes": "..\\..\\..\\{}.xml",
    "up, mixed": "..\\../..\\{}.xml",
    "up, dotted twice": "....//....//{}.xml",
    "up, escaped": "%2e%2e/%2e%2e/{}.xml",
    "up, full width": "．．/．．/{}.xml",
    "from the root": "/tmp/{}.xml",
    "from the root twice": "//tmp/{}.xml",
    "from a drive": "C:\\{}.xml",
    "from a drive, relative": "C:{}.xml",
    "from a share": "\\\\127.0.0.1\\share\\{}.xml",
    "a stream": "a.xml::$DATA{}.xml",
    "home": "~/{}.xml",
    "variable": "$HOME/{}.xml",
    "command": "$(touch {}).xml",
    "backquotes": "`touch {}`.xml",
    "pipe": "|touch {}.xml",
    "option": "--output={}.xml",
    "line break": "a\r\nb{}.xml",
    "nul in the middle": "{}.xml\x00.txt",
    "turned around": "\u202elmx.{}.xml",
    "markup": "<script>alert('{}')</script>.xml",
    "template": "{{{{ settings.SECRET_KEY }}}}{}.xml",
    "a device's name": "CON/{}.xml",
    "only dots": ".../{}.xml",
    "long": "a" * 60_000 + "{}.xml",
    "deep": "a/" * 5_000 + "{}.xml",
}


def _names(pattern: str) -> Maker:
    def make(bait: Bait) -> bytes:
        xxe = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{bait.path}">]><EInvoice><EIid>&x;</EIid></EInvoice>'
        return build([Entry(pattern.format(bait.marker).encode(), deflated(xxe.encode()), len(xxe.encode()))])

    return make


for _case, _pattern in NAMES.items():
    FAMILY.add(f"name {_case}", "发票.zip", _names(_pattern))


def _linked(name: str, beside: dict[str, bytes]) -> Maker:
    """An entry that is a symbolic link to the canary."""

    def make(bait: Bait) -> bytes:
        target = bait.path.encode()
        link = Entry(name.encode(), target, method=0, attributes=0o120777 << 16)
        others = [Entry(key.encode(), deflated(text), len(text)) for key, text in beside.items()]
        return build([link, *others])

    return make


FAMILY.add("the only XML is a link", "发票.zip", _linked("a.xml", {}))
FAMILY.add("OFD.xml is a link", "发票.ofd", _linked("OFD.xml", {"Doc_0/Document.xml": b"<Document/>"}))
FAMILY.add("the document is a link", "发票.ofd", _linked("Doc_0/Document.xml", {"OFD.xml": b"<OFD/>"}))
FAMILY.add(
    "a folder is a link", "发票.ofd", _linked("Doc_0", {"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<a/>"})
)

ROOT = "<OFD><DocBody><DocRoot>{}</DocRoot></DocBody></OFD>"
for _case, _place in {
    "file address": "file://{path}",
    "web address": "{url}ofd",
    "path": "{path}",
    "path up": "../../../../../..{path}",
    "share": "//127.0.0.1/{marker}",
}.items():
    FAMILY.add(
        f"the document's place is a {_case}",
        "发票.ofd",
        lambda bait, place=_place: zipped(
            {"OFD.xml": ROOT.format(place.format(path=bait.path, url=bait.url, marker=bait.marker)).encode()}
        ),
    )
