"""What the tests of the whole table of addresses share."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from procurement import previews
from procurement.drawing import Drawn


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Receipts have one blank page: who sees it is the question here, and each drawing is a process of its own."""
    blank = io.BytesIO()
    Image.new("RGB", (14, 20)).save(blank, "PNG")
    monkeypatch.setattr(previews, "draw_limited", lambda data, media_type, page: Drawn(1, blank.getvalue()))
