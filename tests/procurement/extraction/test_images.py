"""Pictures: phone photos by their QR code, recognition only when it is switched on."""

import io
import random
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageFilter

from assessment.demo.invoices import make_invoice_pdf
from procurement import confined
from procurement.extraction import limited, ocr, read, run_limited
from procurement.extraction.ocr_engine import Seen
from tests.procurement.extraction.cameras import has_chinese_font
from tests.procurement.extraction.ofds import ofd
from tests.procurement.extraction.specs import DIGITAL, SELLER, differences


def drawn(scale: float = 3, *, qr: bool = True) -> Image.Image:
    page = pypdfium2.PdfDocument(make_invoice_pdf(DIGITAL, qr=qr))[0]
    return page.render(scale=scale).to_pil().convert("L")


def jpeg(image: Image.Image, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70, exif=exif)
    return out.getvalue()


def noise(size: tuple[int, int]) -> Image.Image:
    """The same grain every time."""
    return Image.frombytes("L", size, random.Random(1).randbytes(size[0] * size[1]))


def photo(image: Image.Image) -> Image.Image:
    """Held at an angle, on a grey table, a little out of focus."""
    skewed = image.transform(
        image.size,
        Image.Transform.PERSPECTIVE,
        (1.05, 0.08, -60, 0.03, 1.1, -40, 0.00004, 0.00005),
        fillcolor=120,
        resample=Image.Resampling.BICUBIC,
    )
    return Image.blend(skewed, noise(image.size), 0.2).filter(ImageFilter.GaussianBlur(0.8))


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


def fake_lines(lines: list[tuple[float, float, str]]) -> Any:
    """A recogniser that sees these words at these places, 20 pixels high."""

    def recognise(_image: Any) -> list[Seen]:
        return [
            Seen(text, [(x, y), (x + 20 * len(text), y), (x + 20 * len(text), y + 20), (x, y + 20)], 0.99)
            for x, y, text in lines
        ]

    return recognise


def test_recognised_text_is_used_only_when_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [
        (400, 20, "电子发票（普通发票）"),
        (900, 20, "发票号码：24512000000012345678"),
        (20, 200, "名称：慈溪市示范机关食堂"),
        (700, 200, "名称：☑某合作社"),
        (900, 400, "（小写）¥3597.00"),
    ]
    monkeypatch.setattr(ocr, "recognise", fake_lines(words))
    picture = jpeg(Image.new("L", (1400, 600), 255))
    assert read(picture).kind == "unknown"
    monkeypatch.setenv("EXTRACTION_OCR", "1")
    data = read(picture)
    assert (data.identity, data.total) == (DIGITAL.number, DIGITAL.total)
    assert (data.buyer_name, data.seller_name) == ("慈溪市示范机关食堂", "某合作社")
    assert (data.source["total"], data.confidence["total"]) == ("ocr", 0.6)
    assert "部分内容由图片文字识别得出，请逐项核对。" in data.problems


def test_a_recognised_name_has_chinese_brackets_and_no_code_that_slid_into_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = [
        (20, 200, "名称：慈溪市示范机关食堂"),
        (700, 200, f"名称：彝味合作社(普通合伙) {SELLER.id}备"),
        (900, 20, f"发票号码：{DIGITAL.number}"),
    ]
    monkeypatch.setattr(ocr, "recognise", fake_lines(words))
    monkeypatch.setenv("EXTRACTION_OCR", "1")
    assert read(jpeg(Image.new("L", (1400, 600), 255))).seller_name == "彝味合作社（普通合伙）"


def test_letters_that_no_credit_code_has_are_read_as_figures_where_the_check_digit_agrees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = SELLER.id.replace("0", "O").replace("1", "I")
    words = [
        (20, 200, "购买方名称：慈溪市示范机关食堂"),
        (700, 200, f"销售方名称：{SELLER.name}"),
        (700, 260, f"销售方纳税人识别号：{seen}"),
        (20, 260, "购买方纳税人识别号：9I33OZ82MAOOOOOOOO"),
        (900, 20, f"发票号码：{DIGITAL.number}"),
    ]
    monkeypatch.setattr(ocr, "recognise", fake_lines(words))
    monkeypatch.setenv("EXTRACTION_OCR", "1")
    data = read(jpeg(Image.new("L", (1700, 600), 255)))
    assert (seen != SELLER.id, data.seller_id) == (True, SELLER.id)
    assert data.buyer_id == "9I33OZ82MAOOOOOOOO"


def test_an_ofd_of_scans_is_recognised_too(monkeypatch: pytest.MonkeyPatch) -> None:
    page = io.BytesIO()
    Image.new("L", (1600, 1000), 255).save(page, "PNG")
    scanned = ofd([], files={"Doc_0/Res/image_1.png": page.getvalue()})
    monkeypatch.setattr(ocr, "recognise", fake_lines([(900, 20, f"发票号码：{DIGITAL.number}")]))
    assert read(scanned).identity == ""
    monkeypatch.setenv("EXTRACTION_OCR", "1")
    assert (read(scanned).identity, read(scanned).format) == (DIGITAL.number, "ofd")


def test_a_telephones_own_format_is_named() -> None:
    data = read(b"\x00\x00\x00\x18ftypheic" + bytes(100))
    assert (data.kind, len(data.problems)) == ("unknown", 1)
    assert "HEIC" in data.problems[0] and "JPG" in data.problems[0]


def test_recognition_switched_on_without_its_package_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_image: Any) -> Any:
        raise ImportError

    monkeypatch.setattr(ocr, "recognise", missing)
    monkeypatch.setenv("EXTRACTION_OCR", "1")
    assert any("没有安装" in problem for problem in read(jpeg(drawn())).problems)


def test_recognition_past_its_limits_leaves_what_is_read_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run = confined.run

    def recognition_dies(module: str, *args: Any, **kwargs: Any) -> confined.Ended:
        return confined.Ended(late=True) if module == limited.RECOGNITION else run(module, *args, **kwargs)

    monkeypatch.setattr(confined, "run", recognition_dies)
    monkeypatch.setenv("EXTRACTION_OCR", "1")
    data = run_limited(jpeg(drawn()))
    assert data.identity == DIGITAL.number
    assert data.problems[0] == "图片文字识别超出时间或内存上限，未采用。"


def test_the_real_recogniser_reads_a_large_photo_on_its_side_within_the_limits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """12 million pixels, noise, two degrees askew, turned by a quarter, no QR code; no connection is opened."""
    if not has_chinese_font():
        pytest.skip("no Chinese font on this machine: a page with text cannot be drawn")
    monkeypatch.setenv("EXTRACTION_OCR", "1")
    page = drawn(4, qr=False).rotate(2, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    page = Image.blend(page, noise(page.size), 0.15)
    table = Image.new("L", (4000, 3000), 120)
    table.paste(page, ((4000 - page.width) // 2, (3000 - page.height) // 2))
    data = run_limited(jpeg(table.rotate(90, expand=True)))
    found = differences(data, DIGITAL)
    assert not {"identity", "total", "issue_date", "seller_name", "buyer_name"} & set(found), (found, data)
    assert set(data.source.values()) == {"ocr"}
    assert max(data.confidence.values()) < 0.7
    assert "部分内容由图片文字识别得出，请逐项核对。" in data.problems
