"""Zips of receipts: each file in them becomes a receipt; a zip that is too much is refused as a whole."""

import io
import struct
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cixi_xiezuo.errors import Refused
from procurement import inbox
from procurement.extraction import limits
from procurement.models import Receipt, StoredFile
from procurement.unpacking import pieces
from tests.factories import make_unit
from tests.services import ROOT
from units.kinds import Kind

HOTEL = (ROOT / "tests" / "samples" / "e-invoice-2020-hotel.ofd").read_bytes()


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return box.getvalue()


def pdf(number: int) -> bytes:
    return b"%%PDF-1.4 %d" % number


def upload(data: bytes, name: str = "票据.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def names(data: bytes, name: str = "票据.zip") -> list[str]:
    return [piece.name for piece in pieces(upload(data, name))]


@pytest.mark.nodb
def test_folders_and_zips_inside_are_opened_and_litter_is_passed_over():
    inner = zipped(("深/三.pdf", pdf(3)))
    data = zipped(
        ("一.pdf", pdf(1)),
        ("子/子/二.ofd", HOTEL),
        ("里面.zip", inner),
        ("__MACOSX/._一.pdf", b"x"),
        ("子/.DS_Store", b"x"),
        ("Thumbs.db", b"x"),
        ("空文件夹/", b""),
    )
    assert names(data) == ["一.pdf", "二.ofd", "三.pdf"]


@pytest.mark.nodb
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_ofd_is_one_file_and_a_zip_of_several_is_many(method):
    assert names(HOTEL, "发票.ofd") == ["发票.ofd"]
    many = zipped(("1.ofd", HOTEL), ("2.pdf", pdf(2)), ("3.pdf", pdf(3)), method=method)
    assert names(many) == ["1.ofd", "2.pdf", "3.pdf"]
    assert names(zipped(("1.pdf", pdf(1)), method=method)) == ["1.pdf"]


@pytest.mark.nodb
def test_names_written_in_gbk_can_be_read():
    data = zipped(("AAAA.pdf", pdf(1))).replace(b"AAAA", "发票".encode("gbk"))
    assert names(data) == ["发票.pdf"]


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "空的"),
        (zipped(("一.pdf", pdf(1)))[:-30], "已损坏"),
        (zipped(("空/", b"")), "没有文件"),
        (zipped(("弹.pdf", b"%PDF-" + b"0" * (30 * 1024 * 1024))), "压缩比过高"),
        (zipped(*[(f"{n}.pdf", b"%PDF-" + n.to_bytes() * 18_000_000) for n in range(3)], method=0), "上限 50 MB"),
        (zipped(("1.zip", zipped(("2.zip", zipped(("3.pdf", pdf(3)))))),), "套了太多层"),
    ],
    ids=["empty", "cut off", "folders", "bomb", "too large", "too deep"],
)  # fmt: skip
def test_a_zip_that_cannot_be_taken_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(Refused, match=sentence):
        list(pieces(upload(data)))


@pytest.mark.nodb
def test_a_zip_with_a_password_is_refused():
    data = bytearray(zipped(("一.pdf", pdf(1))))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, central + 8, 1)
    with pytest.raises(Refused, match="密码"):
        list(pieces(upload(bytes(data))))


@pytest.mark.nodb
def test_what_inner_zips_unpack_to_counts_together(monkeypatch):
    monkeypatch.setattr(limits, "MAX_UNPACKED", 2000)
    inner = zipped(("大.pdf", b"%PDF-" + b"ab" * 495))
    assert len(names(zipped(("1.zip", inner)))) == 1
    with pytest.raises(Refused, match="解开后超过上限"):
        names(zipped(("1.zip", inner), ("2.zip", inner), ("3.zip", inner)))


@pytest.fixture
def unit(db):
    return make_unit("S01", Kind.SCHOOL)


def test_each_file_of_a_zip_becomes_a_receipt_by_its_content(unit):
    data = zipped(
        ("一.pdf", pdf(1)), ("同一.pdf", pdf(1)), ("说明.txt", b"text"), ("空.pdf", b""), ("发票", HOTEL)
    )
    taken, known, text, empty, ofd = inbox.receive([upload(data)], unit, None)
    assert (taken.receipt.name, ofd.receipt.name) == ("一.pdf", "发票")
    assert known.known and known.receipt == taken.receipt
    assert "不是票据文件" in text.refusal and "空的" in empty.refusal
    kinds = set(StoredFile.objects.values_list("media_type", flat=True))
    assert Receipt.objects.count() == 2 and kinds == {"application/pdf", "application/ofd"}


def test_office_documents_are_refused_not_unpacked(unit):
    word = zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))
    [outcome] = inbox.receive([upload(word, "合同.docx")], unit, None)
    assert "另存为 PDF" in outcome.refusal and not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("loose", "inside", "kept"), [(0, 50, 50), (25, 25, 50), (0, 51, 0), (26, 25, 0), (51, 0, 0)]
)
def test_a_drop_holds_fifty_files_those_in_zips_counted(unit, loose, inside, kept):
    files = [upload(pdf(number), f"{number}.pdf") for number in range(loose)]
    if inside:
        files.append(upload(zipped(*[(f"z{number}.pdf", pdf(1000 + number)) for number in range(inside)])))
    if kept:
        inbox.receive(files, unit, None)
    else:
        with pytest.raises(Refused, match="51 个文件，一次最多 50 个，没有保存任何一个"):
            inbox.receive(files, unit, None)
    assert Receipt.objects.count() == StoredFile.objects.count() == kept


def test_a_bad_zip_leaves_the_files_beside_it(unit):
    bad, good = inbox.receive([upload(zipped(("一.pdf", pdf(1)))[:-30]), upload(HOTEL, "好.ofd")], unit, None)
    assert "已损坏" in bad.refusal and good.receipt is not None and Receipt.objects.count() == 1
