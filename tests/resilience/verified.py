"""What `manage.py verify` printed where everything agrees."""

from __future__ import annotations


def agrees(said: str) -> bool:
    """A line for each part, the sums first, all saying 一致."""
    lines = said.strip().splitlines()
    return (
        bool(lines) and lines[0].startswith("合计与明细") and all(line.endswith("：一致") for line in lines)
    )
