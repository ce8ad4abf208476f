"""Our style sheets and scripts keep to what Chromium 86 (360, 奇安信) understands, and to the colours of theme.css."""

import re

import pytest

from tests.services import ROOT

pytestmark = pytest.mark.nodb
NEWER_CSS = {
    ":has(": r":has\(",
    ":is() and :where() (88)": r":(?:is|where)\(",
    "nesting": r"\{[^{}@]*&|^\s*&",
    "container queries (105)": r"@container|container-type",
    "cascade layers (99)": r"@layer\b",
    "colour functions (111)": r"color-mix\(|oklch\(|lab\(",
    "aspect-ratio (88)": r"aspect-ratio\s*:",
    "inset (87)": r"(?:^|[\s;{])inset\s*:",
    "accent-color (93)": r"accent-color\s*:",
    "small viewport units (108)": r"\d[sdl]v[hw]\b",
    "logical pairs (87)": r"(?:margin|padding)-(?:inline|block)\s*:",
    "media ranges (104)": r"@media[^{]*[<>]",
    "text-wrap (114)": r"text-wrap\s*:",
    "subgrid (117)": r"subgrid",
}
NEWER_JS = {
    "logical assignment (85)": r"\?\?=|\|\|=|&&=",
    "optional chaining (kept out: it cannot be told from what is newer)": r"\?\.\w",
    ".at() (92)": r"\.at\(",
    "replaceAll (85)": r"\.replaceAll\(",
    "Object.hasOwn (93)": r"Object\.hasOwn\b",
    "structuredClone (98)": r"structuredClone\(",
    "findLast (97)": r"\.findLast(?:Index)?\(",
    "static blocks and private methods": r"static\s*\{|#\w+\s*\(",
    "toSorted, groupBy (110)": r"\.to(?:Sorted|Reversed|Spliced)\(|\bgroupBy\(",
    "top-level await (89)": r"^await\b",
    "inline code": r"\beval\(|new Function\(",
}


def _files(folder: str, suffix: str):
    return sorted((ROOT / "static" / folder).glob(f"*{suffix}"))


def _found(folder: str, suffix: str, newer: dict[str, str]) -> list[str]:
    wrong = []
    for path in _files(folder, suffix):
        code = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        wrong += [f"{path.name}: {what}" for what, sign in newer.items() if re.search(sign, code, flags=re.M)]
    return wrong


def test_style_sheets_work_in_chromium_86():
    assert _files("css", ".css") and not _found("css", ".css", NEWER_CSS)


def test_scripts_work_in_chromium_86():
    assert _files("js", ".js") and not _found("js", ".js", NEWER_JS)


def test_every_colour_of_a_theme_has_its_counterpart_in_the_other():
    theme = (ROOT / "static/css/theme.css").read_text(encoding="utf-8")
    light, dark = theme.split('[data-bs-theme="dark"] {')[:2]

    def names(text: str) -> set[str]:
        return set(re.findall(r"^\s+(--[\w-]+):", text.split("}")[0], flags=re.M))

    only_light = {"--tblr-font-sans-serif"} | {name for name in names(light) if "-fill-" in name}
    assert names(light) - names(dark) == only_light
    used = {
        name
        for path in _files("css", ".css")
        for name in re.findall(r"var\((--(?:site|chart)-[\w-]+)", path.read_text())
    }
    assert used <= names(light)
