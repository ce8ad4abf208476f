"""Pictures: phone photos by their QR code, recognition only when it is switched on."""

import io
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageFilter

from assessment.demo.invoices import make_invoice_pdf
from procurement.extraction import ocr, read
from tests.procurement.extraction.specs import DIGITAL


def drawn(scale: float = 3, *, qr: bool = True) -> Image.Image:
    page = pypdfium2.PdfDocument(make_invoice_pdf(DIGITAL, qr=qr))[0]
    return page.render(scale=scale).to_pil().convert("L")


def jpeg(image: Image.Image, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70, exif=exif)
    return out.getvalue()


def photo(image: Image.Image) -> Image.Image:
    """Held at an angle, on a grey table, a little out of focus."""
    skewed = image.transform(
        image.size,
        Image.Transform.PERSPECTIVE,
        (1.05, 0.08, -60, 0.03, 1.1, -40, 0.00004, 0.00005),
        fillcolor=120,
        resample=Image.Resampling.BICUBIC,
    )
    noise = Image.effect_noise(image.size, 50)
    return Image.blend(skewed, noise, 0.2).filter(ImageFilter.GaussianBlur(0.8))


PICTURES = {
    "flat": drawn(),
    "skewed by two degrees": drawn().rotate(2, expand=True, fillcolor=255),
    "upside down": drawn().rotate(180),
    "small": drawn(1.5),
    "phone photo": photo(drawn(5)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_it_reads_the_qr_code_of_a_picture(name: str) -> None:
    data = read(jpeg(PICTURES[name]))
    assert (data.format, data.kind, data.identity) == ("image", "invoice", DIGITAL.number)
    assert (data.total, data.issue_date) == (DIGITAL.total, DIGITAL.issue_date)
    assert "图片只读到二维码中的内容，其余请补填。" in data.problems


def test_it_turns_a_photo_as_the_camera_was_held() -> None:
    data = read(jpeg(drawn().rotate(90, expand=True), orientation=6))
    assert data.identity == DIGITAL.number


def test_a_picture_without_a_code_says_so() -> None:
    data = read(jpeg(drawn(qr=False)))
    assert data.kind == "unknown"
    assert data.problems == ("图片中没有读到发票二维码，请拍清楚左上角二维码或手工填写。",)


def fake_engine(lines: list[tuple[float, float, str]]) -> Any:
    """An engine that sees these words at these places, 20 pixels high."""

    def run(_image: Any) -> SimpleNamespace:
        boxes = [
            [(x, y), (x + 20 * len(text), y), (x + 20 * len(text), y + 20), (x, y + 20)]
            for x, y, text in lines
        ]
        return SimpleNamespace(boxes=boxes, txts=[text for _, _, text in lines])

    return lambda: run


def test_recognised_text_is_used_only_when_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [
        (400, 20, "电子发票（普通发票）"),
        (900, 20, "发票号码：24512000000012345678"),
        (20, 200, "名称：慈溪市示范机关食堂"),
        (700, 200, "名称：☑某合作社"),
        (900, 400, "（小写）¥3597.00"),
    ]
    monkeypatch.setattr(ocr, "_engine", fake_engine(words))
    picture = jpeg(Image.new("L", (1400, 600), 255))
    assert read(picture).kind == "unknown"
    monkeypatch.setenv("EXTRACTION_OCR", "1")
    data = read(picture)
    assert (data.identity, data.total) == (DIGITAL.number, DIGITAL.total)
    assert (data.buyer_name, data.seller_name) == ("慈溪市示范机关食堂", "某合作社")
    assert (data.source["total"], data.confidence["total"]) == ("ocr", 0.6)
    assert "部分内容由图片文字识别得出，请逐项核对。" in data.problems


def test_recognition_switched_on_without_its_package_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Any:
        raise ImportError

    monkeypatch.setattr(ocr, "_engine", missing)
    monkeypatch.setenv("EXTRACTION_OCR", "1")
    assert any("没有安装" in problem for problem in read(jpeg(drawn())).problems)
