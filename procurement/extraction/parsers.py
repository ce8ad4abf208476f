"""One format per parser; the registry asks each how sure it is of the content and takes the surest."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from procurement.extraction.partial import Partial


class Parser(Protocol):
    """`score`: 0 when the content is something else; a name only breaks ties. `parse` may raise Refused."""

    format: str

    def score(self, data: bytes, name: str) -> int: ...

    def parse(self, data: bytes) -> Partial: ...


@cache
def registry() -> tuple[Parser, ...]:
    """All formats; a new one is added here and nowhere else."""
    from procurement.extraction.image import ImageParser
    from procurement.extraction.ofd import OfdParser
    from procurement.extraction.pdf import PdfParser
    from procurement.extraction.xml import XmlParser

    return (PdfParser(), OfdParser(), XmlParser(), ImageParser())


def best(data: bytes, name: str = "") -> Parser | None:
    """The parser that knows this content best; None when nobody does."""
    scored = [(parser.score(data, name), -index, parser) for index, parser in enumerate(registry())]
    score, _, parser = max(scored, key=lambda row: row[:2])
    return parser if score > 0 else None
