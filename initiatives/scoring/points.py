"""Points as people type and read them: integers of hundredths, never a float."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from cixi_xiezuo.errors import brief
from initiatives.scoring.models import WHOLE

_TYPED = re.compile(r"(\d{1,4})(?:\.(\d{1,2}))?", re.ASCII)


def parse(text: str) -> int:
    """ "12.5" → 1250. Raises ValueError (Chinese sentence) for what is no number from 0 to 100 with two places."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("分").strip()
    found = _TYPED.fullmatch(plain)
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
    if not 0 <= points <= WHOLE:
        raise ValueError(f"“{brief(plain)}”应为 0 到 100 之间、最多两位小数的数，如 12.50")
    return points


def shown(points: int) -> str:
    """1250 → "12.50"."""
    whole, rest = divmod(abs(points), 100)
    return f"{'-' if points < 0 else ''}{whole}.{rest:02d}"


def number(points: int | None) -> Decimal | None:
    """For cells of workbooks."""
    return None if points is None else Decimal(points).scaleb(-2)
