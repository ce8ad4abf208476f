"""What one source inside a file says (a Reading), and all that a format's parser found (a Partial)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from procurement.extraction.data import Item

RANK = {"xml": 0, "qr": 1, "text": 2, "ocr": 3}
TRUST = {"xml": 1.0, "qr": 0.99, "text": 0.9, "ocr": 0.6}


@dataclass
class Reading:
    """Fields by name (see data.FIELDS); `weak` ones were guessed by pattern, not found by their label."""

    source: str  # xml, qr, text, ocr
    label: str  # how a sentence names it: 内嵌XML, 二维码, 票面文字…
    fields: dict[str, Any] = field(default_factory=dict)
    weak: set[str] = field(default_factory=set)
    items: list[Item] = field(default_factory=list)
    capital: Decimal | None = None  # 价税合计大写, in 元
    remark: str = ""

    def put(self, name: str, value: Any, *, weak: bool = False) -> None:
        """Keep the first value that is not empty."""
        if value not in (None, "") and name not in self.fields:
            self.fields[name] = value
            if weak:
                self.weak.add(name)


@dataclass
class Partial:
    """Readings in any order; `document` is a guess of what the paper is; see remarks for `on_832` and `red_of`.

    `pictures`: grey pages that only recognition can read, the first of `pictured`; `unread`: the sentence where
    nobody recognises them.
    """

    format: str
    readings: list[Reading] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    document: str = "unknown"
    on_832: bool = False
    red_of: str = ""
    pictures: list[Any] = field(default_factory=list)
    pictured: int = 0
    unread: str = ""
