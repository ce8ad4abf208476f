"""`read` in a process of its own, with a ceiling on memory and time: what a hostile file kills is only that."""

from __future__ import annotations

import io
import json

from cixi_xiezuo.errors import Refused
from procurement import confined
from procurement.tablefile import limits
from procurement.tablefile.table import Table, rows_of

REFUSED = b'{"refused": '
DIED = (
    f"工作表过大或已损坏，读取时超出内存或时间上限：最多 {limits.MAX_ROWS} 行、{limits.MAX_COLUMNS} 列，"
    "请把数据粘贴到新下载的模板后再导入"
)


def read_table(data: bytes, *, seconds: float = limits.SECONDS) -> Table:
    """Raises Refused, with the sentence to show, for what is no table or too large a one."""
    if len(data) > limits.MAX_FILE:
        size = limits.MAX_FILE // 2**20
        raise Refused(f"文件有 {len(data) / 2**20:.1f} MB，超过上限 {size} MB，请分成几份导入")
    try:
        output = confined.run(
            "procurement.tablefile", (), data, seconds=seconds, most=limits.MAX_ANSWER
        ).output
    except OSError as error:
        raise Refused("系统繁忙，读取进程没有启动，请稍后再试") from error
    last = output.rstrip(b"\n").rpartition(b"\n")[2]
    if last.startswith(REFUSED):
        raise Refused(json.loads(last)["refused"])
    lines = io.BytesIO(output)
    try:
        head = json.loads(lines.readline())
    except ValueError:
        raise Refused(DIED) from None
    return Table(**head, rows=rows_of(lines))
