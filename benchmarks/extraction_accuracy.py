"""How much is read right of invented invoices of every kind; writes the table of docs/extraction.md.

`python -m benchmarks.extraction_accuracy [FILES [SCANS]]`: so many of each kind with text, and of each kind of picture.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.procurement.extraction.accuracy import Score

DOCUMENT = Path(__file__).parents[1] / "docs" / "extraction.md"
BEGIN, END = "<!-- figures: python -m benchmarks.extraction_accuracy -->", "<!-- end of figures -->"


def _setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cixi_xiezuo.settings")
    import django

    django.setup()


def _measure(task: tuple[int, int]) -> Score:
    from tests.procurement.extraction.accuracy import CASES, measure

    return measure(CASES[task[0]], task[1])


def table(files: int, scans: int) -> Iterator[str]:
    """The lines of the table, each as soon as its kind is done."""
    from tests.procurement.extraction.accuracy import CASES, FIELDS, add

    yield "| files | number | " + " | ".join(FIELDS.values()) + " | 明细 | wrong in silence |"
    yield "| --- |" + " ---: |" * (len(FIELDS) + 3)
    with ProcessPoolExecutor(os.cpu_count(), initializer=_setup) as pool:
        for number, case in enumerate(CASES):
            count = files if case.group == "text" else scans
            score = add(list(pool.map(_measure, [(number, seed) for seed in range(count)])))
            shown = [f"{score.share(name):.1%}" if name in case.expected else "–" for name in FIELDS]
            items = "–" if case.group == "code" else f"{score.items / score.files:.1%}"
            yield f"| {case.title} | {score.files} | {' | '.join(shown)} | {items} | {len(score.silent)} |"
            for wrong in score.silent[:5]:
                print(f"  {wrong}", file=sys.stderr)


def main(files: int = 200, scans: int = 50) -> None:
    _setup()
    lines = []
    for line in table(files, scans):
        print(line, flush=True)
        lines.append(line)
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:3]))
