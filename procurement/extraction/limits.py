"""What a file may cost, checked before anything is unpacked or drawn."""

MAX_FILE = 20 * 1024 * 1024  # bytes
MAX_ENTRIES = 2000  # files in a zip
MAX_UNPACKED = 50 * 1024 * 1024  # bytes, all entries together
MAX_RATIO = 100  # unpacked ÷ packed, for entries larger than RATIO_FROM
RATIO_FROM = 1024 * 1024  # bytes
MAX_XML = 10 * 1024 * 1024  # bytes of one XML document
MAX_PAGES = 60  # pages read; more are said, not read
MAX_GLYPHS = 20_000  # characters placed on one page
MAX_ALL_GLYPHS = 150_000  # on all pages
MAX_LINE = 2000  # characters looked at in one line
MAX_LABELS = 200  # labels of one kind on a page
MAX_PIXELS = 50_000_000  # of an image, before decoding
PICTURES = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")  # formats that are opened at all
MAX_DRAWN = 12_000_000  # pixels of a drawn page
MAX_ITEMS = 5000
MAX_TEXT = 500  # characters of one field of what was read
MAX_PROBLEMS = 40  # sentences about one file
MAX_RECORD = 8 * 1024 * 1024  # bytes that the reading process may answer
MAX_PICTURES = 12 * 1024 * 1024  # bytes of the pictures that are handed on to be recognised
MEMORY = 512 * 1024 * 1024  # address space of the reading process
SECONDS = 20  # its time
WHOLE = 28  # seconds for a file with what recognition takes
OCR_DATA = 416 * 1024 * 1024  # memory of its own that the recognising process may take…
OCR_MEMORY = 800 * 1024 * 1024  # …and address space, most of it libraries that are mapped and not touched
OCR_START = 3  # seconds that it needs before the first page and after the last
OCR_LEAST = 6  # seconds left, below which it is not begun


class Refused(Exception):
    """The file goes past a limit; the message is the sentence to show."""


def check_size(data: bytes) -> None:
    if not data:
        raise Refused("文件是空的，请重新上传。")
    if len(data) > MAX_FILE:
        raise Refused(
            f"文件有 {len(data) / 1048576:.1f} MB，超过上限 {MAX_FILE // 1048576} MB，请压缩或拆分后再传。"
        )
