"""What tests of the plan's other work hand over."""

import io

import pytest


@pytest.fixture
def png() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "PNG")
    return buffer.getvalue()
