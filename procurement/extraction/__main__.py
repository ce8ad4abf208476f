"""`python -m procurement.extraction --stdin -- NAME`: bytes in, one JSON object out, under hard limits."""

from __future__ import annotations

import json
import resource
import sys
from contextlib import redirect_stdout

from procurement.extraction import limits, ocr
from procurement.extraction.codec import to_plain
from procurement.extraction.reader import read


def _limit() -> None:
    memory = limits.OCR_MEMORY if ocr.enabled() else limits.MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS, limits.SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> int:
    if arguments[:1] != ["--stdin"]:
        sys.stderr.write("usage: python -m procurement.extraction --stdin -- NAME < FILE\n")
        return 2
    _limit()
    name = arguments[2] if len(arguments) > 2 else ""
    with redirect_stdout(sys.stderr):  # libraries may chat; standard output is for the record alone
        result = read(sys.stdin.buffer.read(limits.MAX_FILE + 1), name)
    json.dump(to_plain(result), sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
