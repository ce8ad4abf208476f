"""Bare XML: other ways out, other codings, sizes, depths and values that no invoice has."""

from __future__ import annotations

from assessment.demo.invoices import make_xml
from tests.procurement.extraction.specs import DIGITAL
from tests.security.hostile.bait import Bait, Family

FAMILY = Family("xml")
MB = 1024 * 1024
NUMBER = "24332000000012345678"


def invoice(
    *,
    number: str = NUMBER,
    total: str = "100.00",
    day: str = "2021-03-05",
    seller: str = "某公司",
    more: str = "",
) -> str:
    return (
        f"<EInvoice><Header><EIid>{number}</EIid></Header><SellerName>{seller}</SellerName>"
        f"<TotalTax-includedAmount>{total}</TotalTax-includedAmount><IssueTime>{day}</IssueTime>{more}</EInvoice>"
    )


def _add(case: str, text: str | bytes) -> None:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    FAMILY.add(case, "发票.xml", lambda bait: data)


def _reach(case: str, template: str, coding: str = "utf-8") -> None:
    def make(bait: Bait) -> bytes:
        text = template.replace("PATH", bait.path).replace("URL", bait.url).replace("MARK", bait.marker)
        return text.encode(coding)

    FAMILY.add(case, "发票.xml", make)


ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file://PATH">]>'
_reach("entity after a comment", f"<!-- 一张发票 -->{ENTITY}{invoice(seller='&x;')}")
_reach("entity after blanks", f"\n\n\t{ENTITY}{invoice(seller='&x;')}")
_reach(
    "entity in UTF-16", f'<?xml version="1.0" encoding="UTF-16"?>{ENTITY}{invoice(seller="&x;")}', "utf-16"
)
_reach("entity in UTF-16, big end", f"\ufeff{ENTITY}{invoice(seller='&x;')}", "utf-16-be")
_reach("entity in UTF-7", f'<?xml version="1.0" encoding="UTF-7"?>{ENTITY}{invoice(seller="&x;")}', "utf-7")
_reach(
    "entity in GB18030", f'<?xml version="1.0" encoding="GB18030"?>{ENTITY}{invoice(seller="&x;")}', "gb18030"
)
_reach(
    "entity behind broken prefixes",
    f"{ENTITY}<:EInvoice xmlns:=''><:SellerName>&x;</:SellerName></:EInvoice>",
)
_reach("entity in an attribute", f"{ENTITY}<EInvoice a='&x;'><SellerName>a</SellerName></EInvoice>")
_reach("entity by default", '<!DOCTYPE a [<!ATTLIST EInvoice SellerName CDATA "b">]>' + invoice())
_reach("entity through jar", '<!DOCTYPE a [<!ENTITY x SYSTEM "jar:URLa.jar!/b">]>' + invoice(seller="&x;"))
_reach(
    "entity through php",
    '<!DOCTYPE a [<!ENTITY x SYSTEM "php://filter/resource=PATH">]>' + invoice(seller="&x;"),
)
_reach("entity through ftp", '<!DOCTYPE a [<!ENTITY x SYSTEM "ftp://127.0.0.1/x">]>' + invoice(seller="&x;"))
_reach(
    "entity through a share", '<!DOCTYPE a [<!ENTITY x SYSTEM "\\\\127.0.0.1\\x">]>' + invoice(seller="&x;")
)
_reach("public DTD", '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "URLxhtml.dtd">' + invoice())
_reach("notation", '<!DOCTYPE a [<!NOTATION n SYSTEM "URLn">]>' + invoice())
_reach(
    "xinclude",
    '<EInvoice xmlns:xi="http://www.w3.org/2001/XInclude"><SellerName><xi:include parse="text" href="file://PATH"/></SellerName></EInvoice>',
)
_reach(
    "stylesheet",
    '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="URLx.xsl"?>' + invoice(seller=""),
)
_reach(
    "schema",
    '<EInvoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a URLx.xsd"/>',
)
_reach("include of the reader", '<EInvoice><SellerName href="file://PATH"/><include href="URLi"/></EInvoice>')
_add("entity that names itself", f'<!DOCTYPE a [<!ENTITY x "&x;">]>{invoice(seller="&x;")}')
_add("parameter laughs", '<!DOCTYPE a [<!ENTITY % a "ha"><!ENTITY % b "%a;%a;%a;%a;">%b;]>' + invoice())
_add("100000 deep", "<a>" * 100_000 + "</a>" * 100_000)
_add("100000 deep, never closed", "<a>" * 100_000)
_add("300000 brothers", "<EInvoice>" + "<a/>" * 300_000 + "</EInvoice>")
_add("100000 attributes", "<EInvoice " + " ".join(f'a{n}="{n}"' for n in range(100_000)) + "/>")
_add("100000 namespaces", "<EInvoice " + " ".join(f'xmlns:a{n}="u{n}"' for n in range(100_000)) + "/>")
_add("an attribute of 9 MB", f'<EInvoice a="{"a" * 9 * MB}"/>')
_add("a name of 5 MB", f"<{'a' * 5 * MB}/>")
_add("a comment of 9 MB", f"<EInvoice><!-- {'a' * 9 * MB} --></EInvoice>")
_add("a seller of 9 MB", invoice(seller="甲" * 3_000_000, more="<a>"))
_add("a seller of 9 MB, well formed", invoice(seller="甲" * 3_000_000))
_add("11 MB", invoice(seller="a" * 11 * MB))
_add(
    "20000 items",
    invoice(
        more="<IssuItemInformation><ItemName>米</ItemName><Amount>1</Amount></IssuItemInformation>" * 20_000
    ),
)
_add("a number of 100000 digits", invoice(number="9" * 100_000))
_add("a total of 100000 digits", invoice(total="9" * 100_000))
_add("a total with an exponent", invoice(total="1e999999999"))
_add("a total that is no number", invoice(total="NaN"))
_add("a total without end", invoice(total="Infinity"))
_add("a total in other digits", invoice(total="١٢٣٤٫٥٦"))
_add("a total below a fen", invoice(total="0.001"))
_add("a total past every sum", invoice(total="9999999999999.99"))
_add("the day 0000-00-00", invoice(day="0000-00-00"))
_add("the day 99999999", invoice(day="99999999"))
_add(
    "a quantity past the database",
    invoice(
        more="<IssuItemInformation><ItemName>米</ItemName><Quantity>9999999999999.123456789012</Quantity><Amount>100</Amount></IssuItemInformation><a>&amp"
    ),
)
_add("control characters", invoice(seller="a\x00\x01\x08\x1b\x7fb"))
_add("character references to nothing", invoice(seller="&#0;&#8;&#xFFFF;&#x110000;"))
_add("half a surrogate", invoice(seller="a\ud800b") + "<")
_add("turned around", invoice(seller="\u202e\u2066司公某\u2069", number="1\u202e2"))
_add("1000 accents on a letter", invoice(seller="a" + "\u0301" * 1000, day=""))
_add(
    "markup within",
    invoice(seller="&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;", day=""),
)
_add("a formula within", invoice(seller="=HYPERLINK(&quot;http://127.0.0.1&quot;)", number="=1+1", day=""))
_add("a template within", invoice(seller="{{ settings.SECRET_KEY }}{% load x %}", day=""))
_add("a statement within", invoice(seller="'); DROP TABLE units_unit; --", day=""))
_add("not closed", invoice()[:-12])
_add("two roots", invoice() + invoice())
_add("broken UTF-8", b"<EInvoice><SellerName>\xff\xfe\xc0\x80</SellerName></EInvoice>")
_add("UTF-16, one byte too many", b"\xff\xfe" + invoice(day="").encode("utf-16-le") + b"<")
_add("an unknown coding", '<?xml version="1.0" encoding="x-evil-404"?>' + invoice(day=""))
_add("a coding that is a program", '<?xml version="1.0" encoding="rot13"?>' + invoice(day=""))
_add("a coding that unpacks", '<?xml version="1.0" encoding="zlib_codec"?>' + invoice(day=""))
_add("only brackets", "<" * 200_000)
_add("only ampersands", "<EInvoice>" + "&" * 500_000 + "</EInvoice>")
_add("loose prefixes", "<a:b:c:d " + "x:y:z='1' " * 50_000 + "/>")
_add("blanks before a colon", "<" + "a" * 200_000 + ":" * 10)
_add("a declaration without end", "<?xml " + "version " * 100_000)
_add("XML of another kind", "<note><to>you</to></note>")
_add("cut in the middle", make_xml(DIGITAL)[:300])
