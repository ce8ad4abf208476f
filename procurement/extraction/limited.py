"""`read` in a process of its own, with a ceiling on memory and time: what a hostile file kills is only that."""

from __future__ import annotations

import json
from typing import Any

from procurement import confined
from procurement.extraction import limits
from procurement.extraction.codec import from_plain
from procurement.extraction.data import InvoiceData
from procurement.extraction.limits import Refused, check_size

MODULE = "procurement.extraction"


def run_limited(data: bytes, name: str = "", *, seconds: float = limits.SECONDS) -> InvoiceData:
    """As `read`; a process that dies or outlasts `seconds` gives a record with that problem."""
    try:
        check_size(data)
    except Refused as refused:
        return InvoiceData(problems=(str(refused),))
    arguments = ["--stdin", "--", name[-200:].replace("\x00", "").encode("utf-8", "ignore").decode()]
    try:
        ended = confined.run(MODULE, arguments, data, seconds=seconds, most=limits.MAX_RECORD)
    except OSError:
        return InvoiceData(problems=("系统繁忙，读取进程没有启动，请稍后重试。",))
    if ended.late:
        return InvoiceData(problems=(f"读取超过 {seconds:g} 秒，已停止，请核对原文件或手工填写。",))
    try:
        plain = json.loads(ended.output)
        return from_plain(shortened(plain | {"problems": _few(plain["problems"])}))
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
        return InvoiceData(problems=("读取时超出内存或时间上限，已停止，请核对原文件或手工填写。",))


def shortened(value: Any) -> Any:
    """A JSON value whose texts and lists are no longer than a record's may be."""
    if isinstance(value, str):
        return value if len(value) <= limits.MAX_TEXT else value[: limits.MAX_TEXT - 1] + "…"
    if isinstance(value, dict):
        return {name: shortened(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shortened(each) for each in value[: limits.MAX_ITEMS]]
    return value


def _few(problems: list[str]) -> list[str]:
    more = len(problems) - limits.MAX_PROBLEMS
    return problems if more <= 0 else [*problems[: limits.MAX_PROBLEMS], f"另有 {more} 处问题没有列出。"]
