"""How much of invented invoices is read right, kind of file by kind: the figures of docs/extraction.md."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pypdfium2

from assessment.demo.invoice_classic import draw_classic
from assessment.demo.invoice_pen import Pen
from assessment.demo.invoices import InvoiceSpec, make_invoice_pdf, make_ofd, make_xml
from procurement.extraction import InvoiceData, read
from procurement.extraction.merge import NAMES
from procurement.extraction.values import compact
from tests.procurement.extraction.cameras import photo, scan
from tests.procurement.extraction.ofds import attached_ofd, bureau_tags, ofd, page_words, text_ofd
from tests.procurement.extraction.varied import invoice

FIELDS = {
    "identity": "票号",
    "issue_date": "开票日期",
    "total": "价税合计",
    "buyer_name": "购买方",
    "seller_name": "销售方",
}
SURE = 0.6  # a field at or below this is shown to the clerk as to be checked
LONG = (9, 14, 25, 40)
Made = tuple[InvoiceSpec, bytes]


@dataclass(frozen=True)
class Case:
    """`group`: text (a text layer or tags), code (a QR code alone), ocr; `expected`: the fields such a file has."""

    title: str
    group: str
    make: Callable[[int], Made]
    expected: tuple[str, ...] = tuple(FIELDS)


@dataclass
class Score:
    """Of `files`: how many have a field right; `silent` values are wrong, sure of themselves and without a sentence."""

    files: int = 0
    right: Counter[str] = field(default_factory=Counter)
    items: int = 0
    silent: list[str] = field(default_factory=list)

    def share(self, name: str) -> float:
        return self.right[name] / self.files if self.files else 0.0


def _pdf(
    kind: str, layout: str, *, qr: bool = True, farm: bool = False, rows: tuple[int, ...] = (1, 1, 2, 3, 4, 6)
) -> Callable[[int], Made]:
    def make(seed: int) -> Made:
        spec = invoice(kind, seed, rows=rows, farm=farm)
        return spec, make_invoice_pdf(spec, layout, qr=qr)

    return make


def _of(make: Callable[[int], Made], change: Callable[[bytes, int], bytes]) -> Callable[[int], Made]:
    def changed(seed: int) -> Made:
        spec, data = make(seed)
        return spec, change(data, seed)

    return changed


def _turned(data: bytes, seed: int) -> bytes:
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.set_rotation((90, 180, 270)[seed % 3])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Unlabelled(Pen):
    """A form whose own words are outlines: no text of it is in the file."""

    def label(self, *_args: object, **_kwargs: object) -> None: ...


def _unlabelled(seed: int) -> Made:
    spec, pen = invoice("10", seed), _Unlabelled("")
    draw_classic(pen, spec, qr=True)
    return spec, pen.done()


def _tagged(seed: int) -> Made:
    spec = invoice("31" if seed % 2 else "32", seed)
    return spec, make_ofd(spec)


def _bureau(seed: int) -> Made:
    spec = invoice("31" if seed % 2 else "32", seed)
    words = [*page_words(spec), (150, 99, "¥"), (5, 130, "500 2.000000")]
    return spec, ofd(words, tags=bureau_tags(spec, words))


def _plain_ofd(make: Callable[[InvoiceSpec], bytes], kinds: tuple[str, str]) -> Callable[[int], Made]:
    def made(seed: int) -> Made:
        spec = invoice(kinds[seed % 2], seed)
        return spec, make(spec)

    return made


_mixed = _pdf("10", "classic"), _pdf("31", "digital"), _pdf("32", "digital"), _pdf("32", "farm", farm=True)
_mixed_bare = (
    _pdf("10", "classic", qr=False),
    _pdf("31", "digital", qr=False),
    _pdf("32", "digital", qr=False),
)


def _any_of(makes: tuple[Callable[[int], Made], ...]) -> Callable[[int], Made]:
    return lambda seed: makes[seed % len(makes)](seed)


CASES = (
    Case("PDF 增值税电子普通发票 (2019)", "text", _pdf("10", "classic")),
    Case("the same without QR code", "text", _pdf("10", "classic", qr=False)),
    Case("the same, the form's own words drawn as outlines", "text", _unlabelled),
    Case("PDF 增值税电子专用发票", "text", _pdf("08", "classic")),
    Case("PDF 数电票（普通发票）", "text", _pdf("32", "digital")),
    Case("数电票（普通发票） without QR code", "text", _pdf("32", "digital", qr=False)),
    Case("PDF 数电票（增值税专用发票）", "text", _pdf("31", "digital")),
    Case("PDF 数电票（农产品收购）", "text", _pdf("32", "farm", farm=True)),
    Case("PDF 增值税电子普通发票 with pages of 销货清单", "text", _pdf("10", "classic", rows=LONG)),
    Case("PDF 数电票 over several pages", "text", _pdf("32", "digital", rows=LONG)),
    Case("PDF of any kind, pages turned by 90°, 180°, 270°", "text", _of(_any_of(_mixed), _turned)),
    Case("OFD with CustomTag", "text", _tagged),
    Case("OFD with the tax bureau's tags, wrapped and partial", "text", _bureau),
    Case("OFD with the page's text alone", "text", _plain_ofd(text_ofd, ("31", "32"))),
    Case("OFD with the invoice XML inside", "text", _plain_ofd(attached_ofd, ("10", "10"))),
    Case("XML 数电票", "text", _plain_ofd(make_xml, ("31", "32"))),
    Case(
        "scan (noise, skew to 2°), by QR code alone",
        "code",
        _of(_any_of(_mixed), scan),
        ("identity", "issue_date"),
    ),
    Case("phone photo, by QR code alone", "code", _of(_any_of(_mixed), photo), ("identity", "issue_date")),
    Case("scan (noise, skew to 2°), recognised", "ocr", _of(_any_of(_mixed), scan)),
    Case("scan without QR code, recognised", "ocr", _of(_any_of(_mixed_bare), scan)),
    Case("phone photo, recognised", "ocr", _of(_any_of(_mixed), photo)),
)


@contextmanager
def recognition(on: bool) -> Iterator[None]:
    """The setting for as long as it lasts."""
    before = os.environ.get("EXTRACTION_OCR")
    os.environ["EXTRACTION_OCR"] = "1" if on else "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ["EXTRACTION_OCR"]
        else:
            os.environ["EXTRACTION_OCR"] = before


def _drawn(spec: InvoiceSpec) -> dict[str, object]:
    return {
        "identity": spec.code + spec.number,
        "issue_date": spec.issue_date,
        "total": spec.total,
        "buyer_name": spec.buyer.name,
        "seller_name": spec.seller.name,
        "amount": spec.amount,
        "tax": spec.tax,
        "invoice_number": spec.number,
        "invoice_code": spec.code,
        "check_code": spec.check_code,
        "buyer_id": spec.buyer.id,
        "seller_id": spec.seller.id,
    }


def _same(one: object, other: object) -> bool:
    return compact(one) == compact(str(other)) if isinstance(one, str) else one == other


def silently_wrong(data: InvoiceData, spec: InvoiceSpec) -> list[str]:
    """Values that are there, wrong, shown as sure and not spoken of in any problem."""
    out = []
    for name, truth in _drawn(spec).items():
        found = getattr(data, name)
        if name == "identity" or found in ("", None) or _same(found, truth):
            continue
        spoken = any(NAMES[name] in problem or NAMES[name][:3] in problem for problem in data.problems)
        if data.confidence.get(name, 1.0) > SURE and not spoken:
            out.append(f"{name}: {found!r} ≠ {truth!r}")
    return out


def measure(case: Case, seed: int) -> Score:
    """One file of a kind, made, read and compared."""
    spec, content = case.make(seed)
    with recognition(case.group == "ocr"):
        data = read(content)
    drawn, score = _drawn(spec), Score(1)
    for name in FIELDS:
        score.right[name] = int(_same(getattr(data, name), drawn[name]))
    rows = [(compact(item.name), item.amount, item.tax) for item in data.items]
    score.items = int(rows == [(compact(item.name), item.amount, item.tax) for item in spec.items])
    score.silent = [f"{case.title}, {seed}: {wrong}" for wrong in silently_wrong(data, spec)]
    return score


def add(scores: list[Score]) -> Score:
    total = Score()
    for score in scores:
        total.files += score.files
        total.right += score.right
        total.items += score.items
        total.silent += score.silent
    return total
