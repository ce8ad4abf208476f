"""A harmless picture under names that are not."""

from __future__ import annotations

from tests.security.hostile.bait import Bait, Family, Maker
from tests.security.hostile.pictures import _chunk, png

FAMILY = Family("name")

NAMES = {
    "up": "../../../../tmp/{}.png",
    "up, backslashes": "..\\..\\..\\{}.png",
    "from the root": "/tmp/{}.png",
    "from a drive": "C:\\Windows\\{}.png",
    "nul": "{}.png\x00.exe",
    "nul alone": "\x00",
    "turned around": "{}\u202egnp.exe",
    "isolated": "\u2066{}\u2069.png",
    "no width": "\u200b\u200b{}\ufeff.png",
    "line break": "{}\r\nSet-Cookie: a=b.png",
    "tabs and bells": "{}\t\x07\x1b[2J.png",
    "markup": '"><img src=x onerror=alert(1)>{}.png',
    "script": "<script>alert('{}')</script>.png",
    "template": "{{{{7*7}}}}{{% load x %}}{}.png",
    "pattern": "%s%n%x{}.png",
    "command": "$(touch {}).png",
    "option": "--help{}.png",
    "statement": "'; DROP TABLE units_unit; --{}.png",
    "formula": '=HYPERLINK("http://127.0.0.1"){}.png',
    "hidden": ".htaccess{}",
    "only dots": "...",
    "only blanks": "   ",
    "nothing": "",
    "a device's name": "CON.png",
    "a stream": "{}.png::$DATA",
    "300 letters": "长" * 300 + "{}.png",
    "5000 letters": "a" * 5000 + "{}.png",
    "1000 accents": "a" + "\u0301" * 1000 + "{}.png",
    "two endings": "{}.pdf.exe.png",
    "an address": "http://127.0.0.1/{}.png",
    "quoted": '"{}";filename="b.png',
}


def _picture(number: int) -> Maker:
    """Each a little different: the same bytes would be the same receipt."""
    return lambda bait: png(20, 20, _chunk(b"tEXt", b"n\0%d" % number), honest=True)


for _number, (_case, _pattern) in enumerate(NAMES.items()):
    FAMILY.add(_case, _pattern, _picture(_number))


def upload_name(pattern: str, bait: Bait) -> str:
    """The name as it is sent."""
    return pattern.format(bait.marker) if "{" in pattern else pattern
