"""A JSON file read with care: field by field, each wrong one told in Chinese with the place it stands at."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db.models import TextChoices

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.money import parse_yuan


def document(source: Path | str | Mapping[str, Any]) -> Mapping[str, Any]:
    """The JSON object of a file (or the one given). Raises Refused when there is none."""
    if isinstance(source, Mapping):
        return source
    path = Path(source)
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise Refused(f"读不到文件 {path}（{error.strerror}），请核对路径") from error
    except UnicodeDecodeError as error:
        raise Refused(f"文件 {path.name} 不是 UTF-8 文本，请另存为 UTF-8 编码的 JSON") from error
    except json.JSONDecodeError as error:
        raise Refused(f"文件 {path.name} 第 {error.lineno} 行第 {error.colno} 列不是正确的 JSON") from error
    if not isinstance(found, dict):
        raise Refused(f"文件 {path.name} 的内容应为一个 JSON 对象（以 {{ 开头）")
    return found


class Reader:
    """One JSON object, read field by field; what is wrong is collected in `problems`, with where it stands."""

    def __init__(self, values: Any, where: str = "", problems: list[str] | None = None) -> None:
        self.problems = [] if problems is None else problems
        self.where = where
        if not isinstance(values, Mapping):
            self.problems.append(f"{where}：应为一个对象（{{…}}）")
            values = {}
        self.values: Mapping[str, Any] = values

    def say(self, name: str, message: str) -> None:
        self.problems.append(f"{self.where}.{name}：{message}".lstrip("."))

    def take(
        self, name: str, convert: Callable[[Any], Any], *, default: Any = ..., required: bool | None = None
    ) -> Any:
        """The field's value, converted; its default when it is absent or null."""
        value = self.values.get(name)
        if value is None:
            if default is ... or required:
                self.say(name, "没有填写")
            return None if default is ... else default
        try:
            return convert(value)
        except ValueError as error:
            self.say(name, f"{error}")
            return None if default is ... else default

    def each(self, name: str, *, default: list[Any] | None = None) -> list[Reader]:
        """The objects of a list."""
        rows = self.take(name, rows_of, default=... if default is None else default) or []
        return [
            Reader(row, f"{self.where}.{name}[{place}]".lstrip("."), self.problems)
            for place, row in enumerate(rows, start=1)
        ]

    def finish(self, what: str) -> None:
        """Raise Refused with everything that is wrong; `what` names the file's kind."""
        if self.problems:
            raise Refused(f"{what}有误：" + "；".join(self.problems))


def year(value: Any) -> int:
    if not isinstance(value, int) or not 2000 <= value <= 2100:
        raise ValueError(f"“{value}”应为四位年度，如 2021")
    return value


def text(size: int, *, blank: bool = False) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        if not isinstance(value, str) or not (blank or value.strip()) or len(value) > size:
            raise ValueError(f"应为不超过 {size} 个字的文字")
        return value.strip()

    return convert


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text(200)(each) for each in rows_of(value)]


def rows_of(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("应为一个列表（[…]）")
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError("应为一个对象（{…}）")
    return value


def day_text(value: Any) -> str:
    """A day written as 2022-02-01, checked and kept as it is written."""
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError(f"“{value}”不是日期，应如 2022-02-01") from None


def yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"“{value}”应为 true 或 false")
    return value


def one_of(choices: type[TextChoices]) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        for choice in choices:
            if value in (choice.value, choice.label):
                return str(choice.value)
        raise ValueError(f"“{value}”应为 {'、'.join(map(str, choices.labels))} 之一")

    return convert


def many_of(choices: type[TextChoices]) -> Callable[[Any], list[str]]:
    def convert(value: Any) -> list[str]:
        found = [one_of(choices)(each) for each in rows_of(value)]
        if len(set(found)) != len(found):
            raise ValueError("有重复的值")
        return found

    return convert


def word(choices: tuple[str, ...]) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"“{value}”应为 {'、'.join(choices)} 之一")
        return str(value)

    return convert


def amount(value: Any) -> Decimal:
    found = parse_yuan(value)
    if found < 0:
        raise ValueError(f"金额“{value}”不能为负数")
    return found


def percent(value: Any) -> Decimal:
    try:
        found = Decimal(str(value))
        exact = found.quantize(Decimal("0.01"))
        right = exact == found and 0 <= found <= 100
    except InvalidOperation:
        right = False
    if not right:
        raise ValueError(f"“{value}”应为 0 到 100、最多两位小数的百分比，如 10 或 12.50")
    return exact
