"""The Chinese font of the PDFs we make: one of the machine's, put into the file; else the reader's own.

reportlab puts TrueType outlines into a file and no others, so of a machine's fonts the first such is taken.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

KNOWN = (
    "simsun.ttc", "simfang.ttf", "SIMFANG.TTF", "SIMSUN.TTC", "wqy-zenhei.ttc", "wqy-microhei.ttc",
    "uming.ttc", "DroidSansFallbackFull.ttf", "gkai00mp.ttf",
)  # fmt: skip
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "C:/Windows/Fonts")
READERS = "STSong-Light"
"""A font that PDF readers bring themselves or replace by one of theirs."""


@cache
def chinese() -> str:
    """The name under which reportlab knows the font."""
    for path in _candidates():
        try:
            pdfmetrics.registerFont(TTFont("Chinese", str(path), subfontIndex=0))
        except (TTFError, OSError):
            continue
        return "Chinese"
    pdfmetrics.registerFont(UnicodeCIDFont(READERS))
    return READERS


def _candidates() -> list[Path]:
    given = [Path(settings.PDF_FONT)] if settings.PDF_FONT else []
    installed = [path for folder in FOLDERS for path in Path(folder).rglob("*") if path.name in KNOWN]
    return given + sorted(installed, key=lambda path: KNOWN.index(path.name))


def embedded() -> bool:
    """Whether the PDFs carry their font; without it a machine with no Chinese font shows blanks."""
    return chinese() != READERS
