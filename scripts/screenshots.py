"""Take the README's pictures anew from the demonstration that runs: `.venv/bin/python scripts/screenshots.py [ADDRESS]`.

Needs Chromium ($CHROMIUM, else the one installed). Each picture is kept small: 256 colours, below 150 kB.
"""

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PASSWORD = "cixi-demo-2021"  # noqa: S105 (the demonstration's, known to all)
LARGEST = 150_000  # bytes
PICTURES = {"city": ("bureau", "/city/?year=2021&as_of=2021-11-30")}
"""Name → who looks, and at which page."""


def main(site: str) -> int:
    """Write docs/screenshots/*.png; 1 with one sentence where there is no Chromium."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        print("没有找到 Chromium / no Chromium found: set CHROMIUM", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--lang=zh-CN"])
        for name, (person, page_address) in PICTURES.items():
            page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
            page.goto(f"{site}/login/")
            page.get_by_label("用户名").fill(person)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.locator(".topbar-person").wait_for()
            if page.locator("[data-tour]").count():
                page.get_by_role("button", name="不再显示").click()
            page.goto(site + page_address, wait_until="networkidle")
            keep(page.screenshot(), FOLDER / f"{name}.png")
            page.context.close()
        browser.close()
    return 0


def keep(picture: bytes, path: Path) -> None:
    """Write the picture with 256 colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    image.save(path, optimize=True)
    assert path.stat().st_size < LARGEST, f"{path.name}: {path.stat().st_size} bytes"
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    sys.exit(main((sys.argv[1:] or ["http://127.0.0.1:8000"])[0]))
