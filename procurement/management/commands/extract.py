"""`extract FILE...`: what the reader makes of receipts, each read in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from cixi_xiezuo.commands import Command as BaseCommand
from cixi_xiezuo.commands import add_json
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.plaintable import plain_table
from procurement.extraction import InvoiceData, run_limited
from procurement.extraction.data import LABELS
from procurement.extraction.limits import MAX_FILE

WORDS = {"format": "格式", "kind": "类别"} | LABELS
KINDS = {"invoice": "发票", "unknown": "未认出"}


class Command(BaseCommand):
    help = "识别票据文件（PDF、OFD、XML、图片），输出读到的内容"
    usage = "extract FILE... [--json]"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", metavar="FILE", nargs="+", help="票据文件")
        add_json(parser)

    def handle(self, *, files: list[str], json: bool, **options: Any) -> None:
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # the work is done in the readers' processes
            read = [
                (name, found, opened)
                for name, (found, opened) in zip(files, pool.map(open_and_read, files), strict=True)
            ]
        objects = [found.to_json(name) for name, found, _ in read]
        if json:
            self.print_json(objects)
        else:
            self.stdout.write("\n\n".join(report(each) for each in objects))
        closed = [problem for _, found, opened in read if not opened for problem in found.problems]
        if len(closed) == len(files):
            raise Refused("；".join(closed))
        for problem in closed:
            self.notice(problem)


def open_and_read(name: str) -> tuple[InvoiceData, bool]:
    """What the file says, and whether it could be opened at all."""
    try:
        with Path(name).open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        return InvoiceData(problems=(f"没有文件“{name}”，请核对路径",)), False
    except IsADirectoryError:
        return InvoiceData(problems=(f"“{name}”是文件夹，请给出票据文件",)), False
    except PermissionError:
        return InvoiceData(problems=(f"没有读取“{name}”的权限",)), False
    except (OSError, ValueError) as error:
        return InvoiceData(problems=(f"打不开文件“{name}”（{error}）",)), False
    return run_limited(data, Path(name).name), True


def report(found: dict[str, Any]) -> str:
    found = found | {"kind": KINDS[found["kind"]]}
    rows = [[word, found[field], source(found, field)] for field, word in WORDS.items() if found[field]]
    parts = [found["file"], plain_table(["项目", "内容", "来源"], rows)]
    if found["items"]:
        items = [list(item.values()) for item in found["items"]]
        parts.append(plain_table(["货物或服务", "数量", "单位", "金额（元）"], items, right=(1, 3)))
    parts += problems(found["problems"])
    return "\n".join(parts)


def source(found: dict[str, Any], field: str) -> str:
    return str(found["source"].get(field, ""))


def problems(sentences: Iterable[str]) -> list[str]:
    return [f"问题：{sentence}" for sentence in sentences]
