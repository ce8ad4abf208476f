"""The sheets that this app adds at the end of the year's workbook (`assessment.workbook`)."""

from __future__ import annotations

from initiatives.scoring import workbook

SHEETS = (workbook,)
