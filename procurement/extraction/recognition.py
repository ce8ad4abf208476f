"""`python -m procurement.extraction.recognition SECONDS`: what `stages.packed` made in, one line of JSON out.

A process of its own for optical recognition: it never sees the file, only pixels of a size that was checked.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout

from procurement.confined import confine
from procurement.extraction import limits
from procurement.extraction.codec import to_plain
from procurement.extraction.reader import recognised
from procurement.extraction.stages import unpacked


def main(arguments: list[str]) -> int:
    seconds = int(arguments[0])
    confine(memory=limits.OCR_MEMORY, data=limits.OCR_DATA, seconds=seconds)
    with redirect_stdout(sys.stderr):
        record = recognised(*unpacked(sys.stdin.buffer.read()), seconds - limits.OCR_START)
    sys.stdout.buffer.write(json.dumps(to_plain(record), ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
