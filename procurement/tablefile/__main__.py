"""`python -m procurement.tablefile < FILE`: a line of JSON for the head, one for each row, under hard limits.

A file that is refused gives one line {"refused": sentence}.
"""

from __future__ import annotations

import json
import sys

from procurement.confined import confine
from procurement.tablefile import limits
from procurement.tablefile.limits import TooMuch
from procurement.tablefile.read import read
from procurement.tablefile.table import row_line


def main() -> int:
    confine(memory=limits.MEMORY, seconds=limits.SECONDS)
    out = sys.stdout.buffer
    try:
        table = read(sys.stdin.buffer.read(limits.MAX_FILE + 1))
        out.write(json.dumps(table.head()).encode() + b"\n")
        for number, values in table.rows:
            out.write(row_line(number, values).encode("utf-8", "replace") + b"\n")
    except TooMuch as refused:
        out.write(json.dumps({"refused": str(refused)}).encode() + b"\n")
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
