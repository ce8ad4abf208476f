"""Reading a PDF with a QR code, against the bare work on the same file: open, take the text, draw the page, decode."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median

import pypdfium2
import zxingcpp

from benchmarks.extraction_accuracy import _setup

MOST = 1.3  # times the bare work
TIMES = 60
DPI = 150
FILES = ("classic", "classic_list", "digital", "digital_pages", "farm")


def bare(data: bytes) -> str:
    """What anybody would do: the text of all pages, the first drawn and its code decoded."""
    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    picture = document[0].render(scale=DPI / 72, grayscale=True).to_pil()
    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    assert text and codes, "the bare work found nothing to do"
    document.close()
    return text


def alternate(one: Callable[[], object], other: Callable[[], object], times: int) -> tuple[float, float]:
    """Processor seconds of the middle run of each, taken in turn so that both see the same machine."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times + 2):
        for work, out in zip((one, other), taken, strict=True):
            start = time.process_time()
            work()
            out.append(time.process_time() - start)
    return median(taken[0][2:]), median(taken[1][2:])


def main(times: int = TIMES) -> None:
    _setup()
    from assessment.demo.invoices import make_invoice_pdf
    from procurement.extraction import read
    from tests.procurement.extraction.specs import LAYOUTS

    print(f"{'PDF':>14} {'pages':>6} {'bare':>9} {'read':>9} {'÷ bare':>8} {'files/s/core':>13}")
    worst = 0.0
    for name in FILES:
        spec, layout = LAYOUTS[name]
        data = make_invoice_pdf(spec, layout)
        assert read(data).source["invoice_number"] == "qr"
        ours, theirs = alternate(partial(read, data), partial(bare, data), times)
        worst = max(worst, ours / theirs)
        pages = len(pypdfium2.PdfDocument(data))
        print(f"{name:>14} {pages:>6} {theirs * 1000:>7.1f}ms {ours * 1000:>7.1f}ms {ours / theirs:>7.2f}×"
              f" {1 / ours:>13.0f}")  # fmt: skip
    print(f"the slowest {worst:.2f}×, at most {MOST}×")
    if worst > MOST:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
