"""What of this app is kept when a year is closed (`assessment.sealing.lock` calls `keep`)."""

from __future__ import annotations

from initiatives.scoring import sheet


def keep(year: int, version: int) -> None:
    sheet.keep(year, version)
