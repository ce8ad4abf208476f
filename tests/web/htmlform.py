"""A page's form as a browser would send it, so that tests change what a person changes and nothing else."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

Fields = dict[str, list[str]]


class _Forms(HTMLParser):
    """Every form of a page: its action and the values of its controls. Buttons are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Fields]] = []
        self.fields: Fields | None = None
        self.select = ""
        self.options: list[tuple[str, bool]] = []
        self.text: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self.fields = {}
            self.found.append((given.get("action") or "", self.fields))
        if self.fields is None:
            return
        name, kind = given.get("name") or "", given.get("type")
        if tag == "input" and name and kind not in ("submit", "button", "file"):
            if kind not in ("checkbox", "radio"):
                self._put(name, given.get("value") or "")
            elif "checked" in given:
                self._put(name, given.get("value") or "on")
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((given.get("value") or "", "selected" in given))
        elif tag == "textarea":
            self.text = (name, [])

    def handle_data(self, data: str) -> None:
        if self.text:
            self.text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.fields = None
        elif tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected] or [self.options[0][0]]
            self._put(self.select, chosen[0])
            self.select = ""
        elif tag == "textarea" and self.text:
            self._put(self.text[0], "".join(self.text[1]).removeprefix("\n"))
            self.text = None

    def _put(self, name: str, value: str) -> None:
        assert self.fields is not None
        self.fields.setdefault(name, []).append(value)


def form_of(response: Any, holding: str) -> Fields:
    """The fields of the page's form that has one named `holding`."""
    reader = _Forms()
    reader.feed(response.content.decode())
    return next(fields for _action, fields in reader.found if holding in fields)


def send(client: Any, address: str, *, holding: str = "edition", **changes: Any) -> Any:
    """Open the page, change some fields (None takes one out), send its form; the answer to that."""
    page = client.get(address)
    assert page.status_code == 200, page.status_code
    fields: dict[str, Any] = {**form_of(page, holding), **changes}
    return client.post(address, {name: value for name, value in fields.items() if value is not None})
