"""`python -m procurement.extraction --stdin -- NAME`: bytes in, one JSON object out, under hard limits."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout

from procurement.confined import confine
from procurement.extraction import limits, ocr
from procurement.extraction.codec import to_plain
from procurement.extraction.reader import read


def main(arguments: list[str]) -> int:
    if arguments[:1] != ["--stdin"]:
        sys.stderr.write("usage: python -m procurement.extraction --stdin -- NAME < FILE\n")
        return 2
    if ocr.enabled():
        confine(memory=limits.OCR_MEMORY, seconds=limits.OCR_SECONDS)
    else:
        confine(memory=limits.MEMORY, seconds=limits.SECONDS)
    name = arguments[2] if len(arguments) > 2 else ""
    with redirect_stdout(sys.stderr):  # libraries may chat; standard output is for the record alone
        result = read(sys.stdin.buffer.read(limits.MAX_FILE + 1), name)
    json.dump(to_plain(result), sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
