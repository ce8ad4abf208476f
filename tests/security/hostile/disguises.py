"""Files that are something else than their name says, or nothing at all."""

from __future__ import annotations

import random

from tests.security.hostile.bait import Family
from tests.security.hostile.pdfs import GOOD as PDF
from tests.security.hostile.pictures import JPEG, png
from tests.security.hostile.zips import zipped

FAMILY = Family("disguise")
MB = 1024 * 1024
PNG = png(20, 20, honest=True)
HTML = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def _add(case: str, upload: str, data: bytes) -> None:
    FAMILY.add(case, upload, lambda bait: data)


_add("empty", "发票.pdf", b"")
_add("one byte", "发票.pdf", b"%")
_add("zeros", "发票.pdf", bytes(4096))
_add("noise", "发票.pdf", random.Random(7).randbytes(50_000))
_add("noise after a PDF's head", "发票.pdf", b"%PDF-1.7\n" + random.Random(8).randbytes(50_000))
_add("noise after a zip's head", "发票.ofd", b"PK\x03\x04" + random.Random(9).randbytes(50_000))
_add("noise after a PNG's head", "照片.png", b"\x89PNG\r\n\x1a\n" + random.Random(10).randbytes(50_000))
_add("noise after a JPEG's head", "照片.jpg", b"\xff\xd8\xff\xe0" + random.Random(11).randbytes(50_000))
_add("20 MB and a byte", "发票.pdf", b"%PDF-" + bytes(20 * MB - 4))
_add("20 MB", "发票.pdf", b"%PDF-" + bytes(20 * MB - 5))
_add("a text of 20 MB", "发票.xml", b"<a>" + b"a" * (20 * MB - 3))
_add("a page of the web", "发票.pdf", HTML)
_add("a page of the web, after blanks", "发票.xml", b"\xef\xbb\xbf \n\t" + HTML.lower())
_add(
    "a page of the web that says XML",
    "发票.xml",
    b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
)
_add("a drawing that acts", "照片.jpg", SVG)
_add("a drawing that acts and says XML", "发票.xml", b'<?xml version="1.0"?>' + SVG)
_add("a PNG called XML", "发票.xml", PNG)
_add("a PDF called OFD", "发票.ofd", PDF)
_add("an XML called PNG", "照片.png", b"<note/>")
_add("a zip called JPEG", "照片.jpg", zipped({"a.txt": b"a"}))
_add("a PNG with a page of the web behind", "照片.png", PNG + HTML)
_add("a PNG with a zip behind", "照片.png", PNG + zipped({"OFD.xml": b"<OFD/>"}))
_add(
    "a JPEG with a program in its comment",
    "照片.jpg",
    JPEG[:2] + b"\xff\xfe\x00\x1c<?php system($_GET['c']); ?>" + JPEG[2:],
)
_add("a GIF that is a script", "照片.gif", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)")
_add("a PNG with a PDF within 1 KB", "照片.png", PNG[:8] + b"%PDF-1.7" + PNG[8:])
_add("a program for Windows", "发票.pdf.exe", b"MZ\x90\x00" + bytes(500))
_add("a program for Windows called PDF", "发票.pdf", b"MZ\x90\x00" + bytes(2000) + b"%PDF-1.7")
_add("a program for Linux", "发票.pdf", b"\x7fELF\x02\x01\x01" + bytes(500))
_add("a script", "发票.pdf", b"#!/bin/sh\ncurl http://127.0.0.1/ | sh\n")
_add("a class", "发票.pdf", b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + bytes(100))
_add("a page of PHP", "发票.php", b"<?php system($_GET['c']); ?>")
_add(
    "a Word document",
    "发票.docx",
    zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}),
)
_add(
    "a workbook with macros",
    "发票.xlsm",
    zipped({"[Content_Types].xml": b"<Types/>", "xl/vbaProject.bin": bytes(100)}),
)
_add(
    "an archive of programs",
    "发票.zip",
    zipped({"META-INF/MANIFEST.MF": b"a", "A.class": b"\xca\xfe\xba\xbe"}),
)
_add("an old document", "发票.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
_add("a rich text", "发票.rtf", b"{\\rtf1 {\\object\\objdata 0105}}")
_add("a RAR", "发票.rar", b"Rar!\x1a\x07\x01\x00" + bytes(100))
_add("a 7z", "发票.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100))
_add("a gzip", "发票.gz", b"\x1f\x8b\x08\x00" + bytes(100))
_add("an archived page", "发票.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related\n")
_add("a shortcut", "发票.lnk", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(100))
_add("a film", "照片.jpg", b"\x00\x00\x00\x18ftypmp42" + bytes(100))
_add("a test virus", "发票.pdf", EICAR)
_add("a test virus in a zip", "发票.zip", zipped({"a.com": EICAR}))
_add("words", "发票.txt", "这不是发票".encode())
_add("a table of formulas", "发票.csv", b"=cmd|' /C calc'!A0,1\n")
