"""What a PDF would do by itself when somebody opens it: nothing of it is done here, and its reader is warned."""

from __future__ import annotations

import re

_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIONS = (
    (re.compile(rb"/JavaScript\b"), "脚本"),
    (re.compile(rb"/Launch\b"), "启动其他程序的动作"),
    (re.compile(rb"/(?:SubmitForm|ImportData)\b"), "向外发送或取用数据的动作"),
    (re.compile(rb"/GoTo[RE]\b"), "打开其他文件的动作"),
)


def warnings_of(data: bytes) -> list[str]:
    """One sentence for a PDF with such actions that stand open in it (not inside a packed stream); else none."""
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)
    found = [word for sign, word in _ACTIONS if sign.search(plain)]
    return [f"PDF 中带有{'、'.join(found)}，系统不会执行；下载原件后请谨慎打开。"] if found else []
