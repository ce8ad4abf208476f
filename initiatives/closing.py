"""What of this app is kept when a year is closed (`assessment.sealing.lock` calls `keep`), and whether it still is."""

from __future__ import annotations

from initiatives.scoring import keeping

KEPT = (("封账评分", keeping.broken_sheets),)
"""What `verify` looks at."""


def keep(year: int, version: int) -> dict[str, str]:
    """What the trail says of it, beside the closing."""
    return {"score_digest": keeping.keep(year, version).digest}
