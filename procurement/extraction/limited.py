"""`read` in a process of its own, with a ceiling on memory and time: what a hostile file kills is only that."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

from procurement import confined
from procurement.extraction import limits, ocr
from procurement.extraction.codec import from_plain
from procurement.extraction.data import InvoiceData
from procurement.extraction.limits import Refused, check_size

MODULE = "procurement.extraction"
RECOGNITION = "procurement.extraction.recognition"
_TOLD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_FRUGAL = {  # what is freed goes back at once: half of what the engine would hold otherwise
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "MALLOC_TRIM_THRESHOLD_": "1048576",
}


class _Stopped(Exception):
    """The process gave no record; the message is the sentence to show."""


def run_limited(data: bytes, name: str = "", *, seconds: float | None = None) -> InvoiceData:
    """As `read`; a process that dies or outlasts `seconds` gives a record with that problem.

    Recognition runs in another process in the time that is left; where that fails, what was read before it stays.
    """
    began = time.monotonic()
    arguments = ["--stdin", "--", name[-200:].replace("\x00", "").encode("utf-8", "ignore").decode()]
    most = limits.MAX_RECORD + limits.MAX_PICTURES
    try:
        check_size(data)
        record, _, pictures = _run(MODULE, arguments, data, seconds or limits.SECONDS, most).partition(b"\n")
        plain = _record(record)
    except Refused as refused:
        return InvoiceData(problems=(str(refused),))
    except _Stopped as stopped:
        return InvoiceData(problems=(str(stopped),))
    left = int((seconds or limits.WHOLE) - (time.monotonic() - began))
    if not pictures:
        return plain
    try:
        if left < limits.OCR_LEAST:
            raise _Stopped("too late")
        return _record(_run(RECOGNITION, [str(left)], pictures, left, limits.MAX_RECORD))
    except _Stopped:
        return replace(plain, problems=("图片文字识别超出时间或内存上限，未采用。", *plain.problems))


def _run(module: str, arguments: list[str], data: bytes, seconds: float, most: int) -> bytes:
    """What the child answers."""
    try:
        told = _TOLD | (
            _FRUGAL if module == RECOGNITION else {"EXTRACTION_OCR": "1" if ocr.enabled() else "0"}
        )
        ended = confined.run(module, arguments, data, seconds=seconds, most=most, told=told)
    except OSError as error:
        raise _Stopped("系统繁忙，读取进程没有启动，请稍后重试。") from error
    if ended.late:
        raise _Stopped(f"读取超过 {seconds:g} 秒，已停止，请核对原文件或手工填写。")
    return ended.output


def _record(answer: bytes) -> InvoiceData:
    try:
        plain = json.loads(answer)
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
