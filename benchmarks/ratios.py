"""All ratios of a run of benchmarks in one table: `python -m benchmarks.ratios` after them.

Each benchmark notes its own in the file that BENCH_RATIOS names; without it nothing is kept.
"""

from __future__ import annotations

import json
import os
from pathlib import Path


def note(what: str, baseline: str, ratio: float, goal: str = "") -> None:
    """`ratio`: what ÷ baseline, or the other way round where `goal` is a least."""
    if file := os.environ.get("BENCH_RATIOS"):
        with Path(file).open("a") as kept:
            kept.write(json.dumps([what, baseline, ratio, goal]) + "\n")


def main() -> None:
    file = Path(os.environ["BENCH_RATIOS"])
    print("| what | baseline, in the same run | ratio | wanted |\n| --- | --- | ---: | ---: |")
    for row in file.read_text().splitlines():
        what, baseline, ratio, goal = json.loads(row)
        print(f"| {what} | {baseline} | {ratio:,.2f}× | {goal} |")
    file.unlink()


if __name__ == "__main__":
    main()
