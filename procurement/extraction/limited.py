"""`read` in a process of its own, with a ceiling on memory and time: what a hostile file kills is only that."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from procurement import confined
from procurement.extraction import limits, ocr
from procurement.extraction.codec import from_plain
from procurement.extraction.data import InvoiceData
from procurement.extraction.limits import Refused, check_size

MODULE = "procurement.extraction"


class _Stopped(Exception):
    """The process gave no record; the message is the sentence to show."""


def run_limited(data: bytes, name: str = "", *, seconds: float | None = None) -> InvoiceData:
    """As `read`; a process that dies or outlasts `seconds` gives a record with that problem.

    Where optical recognition is on and goes past a limit, the file is read once more without it.
    """
    recognising = ocr.enabled()
    wait = limits.OCR_WAIT if recognising else limits.SECONDS
    try:
        check_size(data)
        return _run(data, name, seconds or wait, recognising)
    except Refused as refused:
        return InvoiceData(problems=(str(refused),))
    except _Stopped as stopped:
        if not recognising:
            return InvoiceData(problems=(str(stopped),))
    try:
        found = _run(data, name, seconds or limits.SECONDS, False)
    except _Stopped as stopped:
        return InvoiceData(problems=(str(stopped),))
    return replace(found, problems=("图片文字识别超出时间或内存上限，未采用。", *found.problems))


def _run(data: bytes, name: str, seconds: float, recognising: bool) -> InvoiceData:
    arguments = ["--stdin", "--", name[-200:].replace("\x00", "").encode("utf-8", "ignore").decode()]
    told = {
        "EXTRACTION_OCR": "1" if recognising else "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    try:
        ended = confined.run(MODULE, arguments, data, seconds=seconds, most=limits.MAX_RECORD, told=told)
    except OSError as error:
        raise _Stopped("系统繁忙，读取进程没有启动，请稍后重试。") from error
    if ended.late:
        raise _Stopped(f"读取超过 {seconds:g} 秒，已停止，请核对原文件或手工填写。")
    try:
        plain = json.loads(ended.output)
        return from_plain(shortened(plain | {"problems": _few(plain["problems"])}))
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as error:
        raise _Stopped("读取时超出内存或时间上限，已停止，请核对原文件或手工填写。") from error


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
