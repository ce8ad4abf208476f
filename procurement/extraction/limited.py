"""`read` in a process of its own, with a ceiling on memory and time: what a hostile file kills is only that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from procurement.extraction import limits
from procurement.extraction.codec import from_plain
from procurement.extraction.data import InvoiceData
from procurement.extraction.limits import Refused, check_size

_ROOT = Path(__file__).resolve().parents[2]


def run_limited(data: bytes, name: str = "", *, seconds: float = limits.SECONDS) -> InvoiceData:
    """As `read`; a process that dies or outlasts `seconds` gives a record with that problem."""
    try:
        check_size(data)
    except Refused as refused:
        return InvoiceData(problems=(str(refused),))
    command = [
        sys.executable,
        "-m",
        "procurement.extraction",
        "--stdin",
        "--",
        name[-200:].replace("\x00", ""),
    ]
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    if "EXTRACTION_OCR" in os.environ:
        environment["EXTRACTION_OCR"] = os.environ["EXTRACTION_OCR"]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=seconds, cwd=_ROOT, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return InvoiceData(problems=(f"读取超过 {seconds:g} 秒，已停止，请核对原文件或手工填写。",))
    except OSError:
        return InvoiceData(problems=("系统繁忙，读取进程没有启动，请稍后重试。",))
    try:
        return from_plain(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError):
        return InvoiceData(problems=("读取时超出内存或时间上限，已停止，请核对原文件或手工填写。",))
