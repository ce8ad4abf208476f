"""The text objects of OFD pages, template and content together, as placed characters (mm)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from xml.etree.ElementTree import Element

from procurement.extraction import limits
from procurement.extraction.layout import Glyph
from procurement.extraction.xmltree import local


class XmlSource(Protocol):
    problems: list[str]

    def xml(self, name: str | None) -> Element | None: ...

    def located(self, root: Element | None, tag: str, base: str) -> list[str]: ...

    def by_name(self, *parts: str) -> list[str]: ...


@dataclass
class Page:
    """`texts`: what each text object of the content says, by its ID (templates left out)."""

    id: str
    texts: dict[str, str] = field(default_factory=dict)
    glyphs: list[Glyph] = field(default_factory=list)


def _floats(text: str | None) -> list[float]:
    out = []
    for part in (text or "").split()[:8]:
        try:
            out.append(float(part))
        except ValueError:
            return []
    return out


def _deltas(text: str | None, count: int) -> list[float]:
    """DeltaX or DeltaY written out: `g 3 1.5` stands for 1.5 1.5 1.5."""
    parts = (text or "").split()
    out: list[float] = []
    index = 0
    try:
        while index < len(parts) and len(out) < count:
            if parts[index] == "g":
                out += [float(parts[index + 2])] * max(0, min(int(parts[index + 1]), count))
                index += 3
            else:
                out.append(float(parts[index]))
                index += 1
    except (ValueError, IndexError):
        pass
    return out[:count]


def _place(code: Element, box: list[float], matrix: list[float], size: float) -> list[Glyph]:
    text = code.text or ""
    text = text if code.get("DeltaX") else text.strip("\r\n\t")
    start = [*_floats(code.get("X")), 0.0][0], [*_floats(code.get("Y")), size][0]
    across, down = _deltas(code.get("DeltaX"), len(text)), _deltas(code.get("DeltaY"), len(text))
    a, b, c, d, e, f = matrix
    x, y = start
    out = []
    for index, char in enumerate(text):
        width = size * (0.5 if char.isascii() else 1.0)
        left, base = box[0] + a * x + c * y + e, box[1] + b * x + d * y + f
        out.append(Glyph(char, left, left + width * (abs(a) or 1.0), base, size))
        x += across[index] if index < len(across) else (0.0 if down[index : index + 1] else width)
        y += down[index] if index < len(down) else 0.0
    return out


def _number(text: str | None, default: float) -> float:
    found = _floats(text)
    return found[0] if found else default


def add_texts(root: Element | None, page: Page, *, content: bool) -> None:
    """All text objects under `root`, onto the page."""
    for element in root.iter() if root is not None else ():
        if local(element) != "TextObject":
            continue
        box = [*_floats(element.get("Boundary")), 0.0, 0.0][:2]
        matrix = _floats(element.get("CTM"))
        matrix = matrix if len(matrix) == 6 else [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
        size = max(0.5, min(_number(element.get("Size"), 3.175), 50.0))
        said = ""
        for code in element:
            if local(code) == "TextCode":
                said += (code.text or "").strip("\r\n\t")
                if len(page.glyphs) < limits.MAX_GLYPHS:
                    page.glyphs += _place(code, box, matrix, size)
        if content and element.get("ID"):
            page.texts.setdefault(element.get("ID", ""), said)


def load_pages(package: XmlSource, document: Element | None, base: str) -> list[Page]:
    """Pages in the document's order; what is missing is left out."""
    templates: dict[str, str] = {}
    listed: list[tuple[str, str]] = []
    for element in document.iter() if document is not None else ():
        if local(element) in ("TemplatePage", "Page") and element.get("BaseLoc"):
            found = package.located(element, local(element), base)
            if found and local(element) == "TemplatePage":
                templates[element.get("ID", "")] = found[0]
            elif found:
                listed.append((element.get("ID", ""), found[0]))
    if not listed:
        listed = [
            ("", name) for name in sorted(package.by_name("/pages/")) if name.lower().endswith("content.xml")
        ]
    if len(listed) > limits.MAX_PAGES:
        package.problems.append(f"文件有 {len(listed)} 页，只读了前 {limits.MAX_PAGES} 页。")
    pages = []
    for page_id, name in listed[: limits.MAX_PAGES]:
        root = package.xml(name)
        page = Page(page_id)
        for element in root.iter() if root is not None else ():
            if local(element) == "Template":
                add_texts(package.xml(templates.get(element.get("TemplateID", ""))), page, content=False)
        add_texts(root, page, content=True)
        pages.append(page)
    return pages
