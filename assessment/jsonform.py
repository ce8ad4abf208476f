"""A year's standing as `assess --json` prints it, for other programs. Amounts text with two decimals, ratios four."""

from __future__ import annotations

from typing import Any

from assessment.rules.city_total import Total
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import WHOLE, Standing
from assessment.standing import YearStanding
from cixi_xiezuo.money import from_fen, yuan_text


def money(fen: int | None) -> str | None:
    return None if fen is None else yuan_text(from_fen(fen))


def ratio_text(ratio: int | None) -> str | None:
    """Ten-thousandths → "0.0999"; negative ones truncated toward zero, never "-0.0000"."""
    if ratio is None:
        return None
    whole, rest = divmod(abs(ratio), WHOLE)
    return f"{'-' if ratio < 0 else ''}{whole}.{rest:04d}"


def total(figure: Total, *, parts: bool) -> dict[str, Any]:
    shown = {
        "value": money(figure.value),
        "threshold": money(figure.threshold),
        "status": figure.status.value,
        "gap": money(figure.gap),
    }
    if parts:
        for part in ("direct", "commerce", "east_west", "mountain_sea"):
            shown[part] = money(getattr(figure, part))
    return shown


def unit(standing: Standing) -> dict[str, Any]:
    return {
        "unit": standing.unit.code,
        "rule": standing.rule,
        "numerator": money(standing.numerator),
        "denominator": money(standing.denominator),
        "ratio": ratio_text(standing.ratio),
        "status": standing.status.value,
        "gap": money(standing.gap),
    }


def responsible(row: Responsible) -> dict[str, Any]:
    return {
        "unit": row.unit.code,
        "attributed": money(row.attributed),
        "target": money(row.target),
        "completion": ratio_text(row.completion),
        "status": row.status.value,
        "rank": row.rank,
    }


def year(standing: YearStanding) -> dict[str, Any]:
    return {
        "year": standing.year,
        "as_of": standing.as_of.isoformat(),
        "city": {
            "city_total": total(standing.city_total, parts=True),
            "dept_town_total": total(standing.dept_town_total, parts=False),
        },
        "units": [unit(each) for each in standing.units],
        "responsible": [responsible(row) for row in standing.responsible],
        "unattributed": standing.unattributed_purchases(),
    }
