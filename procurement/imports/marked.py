"""A person's workbook back in the template's layout: each problem at its cell, and in words in the column 问题."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from typing import IO, Any

from procurement.imports.kinds import Kind
from procurement.imports.report import Problem
from procurement.imports.sheet import EXAMPLE, Tell, silent
from procurement.imports.template import Template
from procurement.tablefile.headers import PROBLEMS, canonical
from procurement.tablefile.run import read_table

BAD = {"bg_color": "#F8CBAD", "border": 1, "border_color": "#C00000"}
WORDS = {"font_color": "#C00000", "text_wrap": True}


def marked(kind: Kind, user: Any, data: bytes, problems: Sequence[Problem], tell: Tell = silent) -> IO[bytes]:
    """An open temporary file. Columns the template does not have come last, so that nothing is lost."""
    table = read_table(data)
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    wanted = [column.name for column in kind.columns]
    names = canonical(table.heads, wanted)
    places = [names.index(name) if name in names else None for name in wanted]
    others = [place for place, name in enumerate(names) if name not in wanted]
    key = next(place for place, name in enumerate(wanted) if name != "年度")
    order = {name: place for place, name in enumerate(wanted)}
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever gets it closes it
    extra = [PROBLEMS, *(table.heads[place] or "（无列名）" for place in others)]
    with Template(file, kind, user, extra=extra) as template:
        for count, (number, values) in enumerate(table.rows):
            if not count % 1000:
                tell("标出问题", count, 0)
            row = [None if place is None else values[place] for place in places]
            if isinstance(row[key], str) and str(row[key]).startswith(EXAMPLE):
                continue
            bad = sorted(by_row.get(number, ()), key=lambda problem: order.get(problem.column, -1))
            columns = {problem.column for problem in bad}
            words = "；".join(f"{problem.column}：{problem.message}" for problem in bad)
            template.add_styled(
                [
                    *(
                        (value, BAD if name in columns else {})
                        for name, value in zip(wanted, row, strict=True)
                    ),
                    (words or None, WORDS),
                    *((values[place], {}) for place in others),
                ]
            )
    file.seek(0)
    return file
