"""A small writer of PDFs in which every object may be anything."""

from __future__ import annotations

import zlib


def stream(content: bytes, entries: str = "", *, length: int | None = None) -> bytes:
    size = len(content) if length is None else length
    return f"<< {entries} /Length {size} >>\nstream\n".encode() + content + b"\nendstream"


def packed(content: bytes, entries: str = "") -> bytes:
    return stream(zlib.compress(content, 9), f"{entries} /Filter /FlateDecode")


class Pdf:
    """Objects by number. 1 is the catalog, 2 the page tree; `page` adds a page and its content."""

    def __init__(self) -> None:
        self.objects: dict[int, bytes] = {}
        self.last = 9
        self.pages: list[int] = []
        self.catalog: list[str] = []
        self.trailer: list[str] = []
        self.tree: str | None = None
        self.media = "[0 0 595 842]"

    def add(self, body: bytes | str) -> int:
        self.last += 1
        self.objects[self.last] = body.encode() if isinstance(body, str) else body
        return self.last

    def page(self, content: bytes = b"", entries: str = "", resources: str = "") -> Pdf:
        text = self.add(stream(content) if not content.startswith(b"<<") else content)
        font = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
        self.pages.append(
            self.add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox {self.media} /Contents {text} 0 R "
                f"/Resources << {font} {resources} >> {entries} >>"
            )
        )
        return self

    def root(self, *entries: str) -> Pdf:
        self.catalog += entries
        return self

    def attach(self, name: str, data: bytes, *, packed_already: bool = False) -> Pdf:
        held = self.add(
            stream(data, "/Type /EmbeddedFile /Filter /FlateDecode")
            if packed_already
            else packed(data, "/Type /EmbeddedFile")
        )
        spec = self.add(f"<< /Type /Filespec /F ({name}) /UF ({name}) /EF << /F {held} 0 R >> >>")
        return self.root(f"/Names << /EmbeddedFiles << /Names [({name}) {spec} 0 R] >> >>")

    def bytes(self) -> bytes:
        kids = " ".join(f"{number} 0 R" for number in self.pages)
        tree = self.tree or f"<< /Type /Pages /Kids [{kids}] /Count {len(self.pages)} >>"
        objects = {
            1: f"<< /Type /Catalog /Pages 2 0 R {' '.join(self.catalog)} >>".encode(),
            2: tree.encode(),
            **self.objects,
        }
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = {}
        for number, body in sorted(objects.items()):
            places[number] = len(out)
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        start = len(out)
        for number, place in places.items():
            out += (b"" if out[start:] else b"xref\n") + b"%d 1\n%010d 00000 n \n" % (number, place)
        trailer = f"/Root 1 0 R /Size {max(objects) + 1} {' '.join(self.trailer)}"
        return bytes(out + f"trailer\n<< {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())
