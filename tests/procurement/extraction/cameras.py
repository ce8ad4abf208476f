"""What a scanner and a telephone make of a printed page; the same seed, the same picture."""

from __future__ import annotations

import io
from functools import cache
from random import Random
from typing import Any

import pypdfium2
from PIL import Image, ImageFilter


@cache
def has_chinese_font() -> bool:
    """Whether pages can be drawn here at all: the invented PDFs name a font and do not carry it."""
    from tests.procurement.extraction.pages import pdf

    page = pypdfium2.PdfDocument(pdf([(20, 20, "龘龘龘龘")]))[0]
    dark, light = page.render(scale=2, grayscale=True).to_pil().getextrema()
    return bool(dark < 100 < light)


def drawn(pdf: bytes, dpi: float, page: int = 0) -> Image.Image:
    image: Image.Image = pypdfium2.PdfDocument(pdf)[page].render(scale=dpi / 72, grayscale=True).to_pil()
    return image


def _noise(size: tuple[int, int], pick: Random) -> Image.Image:
    return Image.frombytes("L", size, pick.randbytes(size[0] * size[1]))


def scan(pdf: bytes, seed: int) -> bytes:
    """A PDF of grey pictures at 150 to 200 dpi: up to two degrees askew, grainy, a little soft."""
    pick = Random(f"scan-{seed}")
    pages = []
    for number in range(len(pypdfium2.PdfDocument(pdf))):
        page = drawn(pdf, pick.choice((150, 170, 200)), number)
        page = page.rotate(pick.uniform(-2, 2), expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
        page = Image.blend(page, _noise(page.size, pick), pick.uniform(0.05, 0.15))
        pages.append(page.filter(ImageFilter.GaussianBlur(pick.uniform(0.3, 0.7))))
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=170)
    return out.getvalue()


def photo(pdf: bytes, seed: int) -> bytes:
    """A JPEG of 12 million pixels: on a table, in perspective, unevenly lit, sometimes on its side or head."""
    pick = Random(f"photo-{seed}")
    page = drawn(pdf, 300)
    width, height = 4000, 3000
    scale = min(width * 0.85 / page.width, height * 0.85 / page.height)
    page = page.resize((int(page.width * scale), int(page.height * scale)), Image.Resampling.BILINEAR)
    table = Image.new("L", (width, height), pick.randrange(90, 150))
    table.paste(page, ((width - page.width) // 2, (height - page.height) // 2))
    table = table.rotate(pick.uniform(-2, 2), fillcolor=120, resample=Image.Resampling.BICUBIC)
    tilt = [pick.uniform(-0.02, 0.02) for _ in range(4)]
    table = table.transform(
        table.size,
        Image.Transform.PERSPECTIVE,
        (1 + tilt[0], tilt[1], -width * tilt[0] / 2, tilt[2], 1 + tilt[3], -height * tilt[3] / 2, 4e-6, 4e-6),
        fillcolor=120,
        resample=Image.Resampling.BICUBIC,
    )
    table = Image.blend(table, _noise(table.size, pick), pick.uniform(0.03, 0.08))
    shade: Any = Image.linear_gradient("L").resize(table.size).point(lambda value: 200 + value // 5)
    table = Image.composite(table, Image.new("L", table.size, 60), shade)
    table = table.filter(ImageFilter.GaussianBlur(pick.uniform(0.4, 1.0)))
    held = pick.choice((0, 0, 0, 90, 180, 270))
    out = io.BytesIO()
    table.rotate(held, expand=True).save(out, "JPEG", quality=75)
    return out.getvalue()
