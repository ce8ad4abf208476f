"""The trail as a workbook or as CSV: every row with its place in the chain, so that it can be checked again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.downloads import CSV, XLSX
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.sheets import Book
from cixi_xiezuo.sheettext import csv_text, write_rows

LARGEST = 200_000
COLUMNS = (
    Column("时间", 24),
    Column("操作人", 16),
    Column("代", 12),
    Column("来源地址", 16),
    Column("动作", 14),
    Column("对象", 30),
    Column("内容", 60),
    Column("链", 12),
    Column("序号", 8, Kind.WHOLE),
    Column("校验值", 24),
)


def made(events: QuerySet[AuditEvent], form: str, asked: dict[str, str]) -> tuple[bytes, str, int]:
    """→ the file, its media type, and how many rows it has. Raises Refused for more than fit."""
    count = events.count()
    if count > LARGEST:
        raise Refused(f"共 {count:,} 条，超过一次导出的上限 {LARGEST:,} 条，请缩小日期范围")
    rows = map(_row, events.iterator(chunk_size=2000))
    content = _csv(rows) if form == "csv" else _xlsx(rows, asked)
    return content, CSV if form == "csv" else XLSX, count


def _row(event: AuditEvent) -> list[Any]:
    return [
        timezone.localtime(event.at).isoformat(),
        event.actor,
        event.on_behalf,
        event.origin,
        event.action,
        event.subject,
        json.dumps(event.detail, ensure_ascii=False, sort_keys=True) if event.detail else "",
        event.stream,
        event.seq,
        event.digest,
    ]


def _csv(rows: Iterator[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    fields = ([csv_text(str(value)) for value in row] for row in rows)
    write_rows(buffer, chain([[column.title for column in COLUMNS]], fields))
    return buffer.getvalue()


def _xlsx(rows: Iterator[list[Any]], asked: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with Book(buffer, title="审计记录") as book:
        sheet = book.sheet("审计记录")
        sheet.title("审计记录", COLUMNS)
        filters = "；".join(f"{name}={value}" for name, value in asked.items()) or "无"
        sheet.note(f"导出时间 {timezone.localtime():%Y-%m-%d %H:%M}，查询条件：{filters}", COLUMNS)
        table = sheet.table(COLUMNS)
        table.extend(rows)
        table.close()
    return buffer.getvalue()
