"""Workbooks in and out ÷ plain django-import-export: the same file into the same models, the same rows out.

    python -m benchmarks.imports [LINES] [PLAIN LINES]

Each side runs in a process of its own on a new database, and its peak is what the system counted; to ours that of
the reading process is added. The plain side gets a shorter file and is taken by line: what it keeps of every row
grows with the file, so the ratio for the whole file is rather larger.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import place, purchases_file
from benchmarks.ratios import note

LINES, PLAIN = 100_000, 10_000
GOALS = {"import": 10, "export": 8, "workbook": 8}
MOST, GROWTH = 500, 1.3


def main(lines: int = LINES, plain: int = PLAIN) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        long, short = Path(folder, "long.xlsx"), Path(folder, "short.xlsx")
        purchases_file.write(long, lines)
        purchases_file.write(short, plain)
        print(f"{lines:,} lines; plain django-import-export with {plain:,}, by line")
        print(f"{'':>10} {'ours':>10} {'plain':>14} {'plain ÷ ours':>13} {'goal':>6} {'our peak':>10}")
        theirs = {"import": _child("plain_load", short, plain)}
        theirs["export"] = theirs["workbook"] = _child("plain_export", long, plain)
        peaks = {}
        for what, work in (("import", "load"), ("export", "export"), ("workbook", "detail")):
            ours = _child(work, long, lines)
            peaks[what] = ours["peak"]
            mine, other = ours["seconds"] / lines, theirs[what]["seconds"] / plain
            print(
                f"{what:>10} {ours['seconds']:>9.2f}s {other * lines:>13.1f}s {other / mine:>12.1f}×"
                f" {GOALS[what]:>5}× {ours['peak']:>6.0f} MiB"
            )
            note(f"plain django-import-export, {what}", "ours", other / mine, f"≥ {GOALS[what]}×")
        print(f"import: peak at most {MOST} MiB, the reading process counted in")
        for what, work in (("export", "export"), ("workbook", "detail")):
            more = _child(work, long, 10 * lines)["peak"]
            print(
                f"{what}: peak of {10 * lines:,} rows ÷ of {lines:,}: {more / peaks[what]:.2f}× (goal {GROWTH}×)"
            )


def _child(work: str, file: Path, lines: int) -> dict[str, float]:
    """Seconds and MiB of one piece of work, done in a new process."""
    command = [sys.executable, "-m", "benchmarks.imports", "--child", work, str(file), str(lines)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    taken: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return taken


def _work(work: str, file: Path, lines: int) -> None:
    folder = place.prepare()
    try:
        place.make_units()
        prepared = WORKS[work](file, lines)
        start = time.perf_counter()
        prepared()
        taken = time.perf_counter() - start
        mine, read = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, _CHILDREN))
        print(json.dumps({"seconds": taken, "peak": mine + read}))
    finally:
        place.clean(folder)


_CHILDREN = resource.RUSAGE_CHILDREN
Prepared = Callable[[], Any]


def _load(file: Path, lines: int) -> Prepared:
    from procurement.imports import load_purchases
    from procurement.models import PurchaseLine

    def load() -> None:
        load_purchases(file.read_bytes(), by=None)
        assert PurchaseLine.objects.count() == lines

    return load


def _plain_load(file: Path, lines: int) -> Prepared:
    from import_export.formats.base_formats import XLSX

    from benchmarks.plain_resources import LineIn
    from procurement.models import PurchaseLine

    def load() -> None:
        dataset = XLSX().create_dataset(file.read_bytes())
        result = LineIn().import_data(dataset)
        assert not result.has_errors(), [str(error.error) for error in result.row_errors()[0][1]]
        assert PurchaseLine.objects.count() == lines

    return load


def _stored(file: Path, lines: int) -> None:
    """The purchases that are to be written out."""
    place.make_purchases(_unit_ids(), lines)


def _unit_ids() -> list[int]:
    from units.models import Unit

    return list(Unit.objects.values_list("pk", flat=True))


def _export(file: Path, lines: int) -> Prepared:
    from django.http import QueryDict

    from cixi_xiezuo.exports.listing import listings
    from cixi_xiezuo.exports.xlsx import write_xlsx
    from units.models import Membership, Role, Unit, User

    _stored(file, lines)
    user = User.objects.create(username="bureau")
    Membership.objects.create(user=user, unit=Unit.objects.get(code="A000"), role=Role.BUREAU)
    listing, asked = listings()["lines"], QueryDict()

    def export() -> None:
        with tempfile.TemporaryFile() as target:
            rows = listing.rows(user, asked)
            assert rows is not None
            assert write_xlsx(target, "采购明细", listing.columns(asked), rows.values) == lines

    return export


def _plain_export(file: Path, lines: int) -> Prepared:
    from import_export.formats.base_formats import XLSX

    from benchmarks.plain_resources import LineOut

    _stored(file, lines)

    def export() -> None:
        dataset = LineOut().export()
        assert len(dataset) == lines
        XLSX().export_data(dataset)

    return export


def _detail(file: Path, lines: int) -> Prepared:
    """采购明细 of the assessment workbook, with a verdict of every rule for every line."""
    from assessment.workbook import lines as detail
    from assessment.workbook.source import Source
    from cixi_xiezuo.sheets import Book

    _stored(file, lines)

    def write() -> None:
        with tempfile.TemporaryFile() as target, Book(target, title="采购明细") as book:
            detail.write(book.sheet(detail.NAME), Source.read(2021))

    return write


WORKS = {
    "load": _load,
    "plain_load": _plain_load,
    "export": _export,
    "plain_export": _plain_export,
    "detail": _detail,
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _work(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main(*map(int, sys.argv[1:]))
