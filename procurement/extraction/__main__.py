"""`python -m procurement.extraction --stdin -- NAME`: bytes in, one line of JSON out, under hard limits.

Where pictures are left to be recognised, what `procurement.extraction.recognition` needs follows that line.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout

from procurement.confined import confine
from procurement.extraction import limits
from procurement.extraction.codec import to_plain
from procurement.extraction.reader import look
from procurement.extraction.stages import packed


def main(arguments: list[str]) -> int:
    if arguments[:1] != ["--stdin"]:
        sys.stderr.write("usage: python -m procurement.extraction --stdin -- NAME < FILE\n")
        return 2
    confine(memory=limits.MEMORY, seconds=limits.SECONDS)
    name = arguments[2] if len(arguments) > 2 else ""
    with redirect_stdout(sys.stderr):  # libraries may chat; standard output is for the record alone
        plain, partial = look(sys.stdin.buffer.read(limits.MAX_FILE + 1), name)
    record = json.dumps(to_plain(plain), ensure_ascii=False).encode("utf-8", "surrogatepass")
    sys.stdout.buffer.write(record + b"\n" + (packed(plain, partial) if partial else b""))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
