"""Pictures (PNG, JPEG, BMP, GIF, TIFF, WebP): the QR code, turned as the camera was held; OCR if on."""

from __future__ import annotations

import io
import warnings
from typing import Any

from procurement.extraction import limits, ocr
from procurement.extraction.limits import Refused
from procurement.extraction.partial import Partial, Reading
from procurement.extraction.qr import read_qrs, several

_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_NO_CODE = "图片中没有读到发票二维码，请拍清楚左上角二维码或手工填写。"
_SIDE = 2400  # pixels of the longer side for the first try on a photo


def grey(image: Any) -> Any:
    """One channel, what is transparent made white."""
    from PIL import Image

    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode not in ("RGBA", "LA"):
        return image.convert("L")
    return Image.composite(image.convert("L"), Image.new("L", image.size, 255), image.getchannel("A"))


def load(data: bytes) -> Any:
    """A grey, upright PIL picture. Raises Refused when it is too large, broken or no picture."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=limits.PICTURES)
            if image.width * image.height > limits.MAX_PIXELS:
                raise Image.DecompressionBombError
            if image.format == "JPEG":
                image.draft("L", image.size)
            return grey(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(f"图片像素超过上限 {limits.MAX_PIXELS // 10000} 万，请缩小后再传。") from error
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
    ) as error:
        raise Refused("图片已损坏或不完整，请重新拍照或导出。") from error


class ImageParser:
    format = "image"

    def score(self, data: bytes, name: str) -> int:
        webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
        return 80 if data.startswith(_MAGIC) or webp else 0

    def _qr(self, image: Any) -> list[Reading]:
        """At a size that suits most first; then a large photo in full, or a small picture doubled."""
        small = image.copy()
        small.thumbnail((_SIDE, _SIDE))
        if codes := read_qrs(small):
            return codes
        if small.size != image.size:
            return read_qrs(image)
        return read_qrs(image.resize((image.width * 2, image.height * 2)))

    def parse(self, data: bytes) -> Partial:
        partial = Partial("image")
        image = load(data)
        codes = self._qr(image)
        if codes:
            partial.readings.append(codes[0])
            partial.document = "invoice"
        if len(codes) > 1:
            partial.problems.append(several([code.fields["invoice_number"] for code in codes]))
        unread = "图片只读到二维码中的内容，其余请补填。" if codes else _NO_CODE
        ocr.ask(partial, [image], unread=unread)
        return partial
