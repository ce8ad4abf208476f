"""Commands run as from the shell, in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.core.management import execute_from_command_line


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """`run("assess", "2021")` → exit code, standard output and standard error."""
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)

    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = 0
        try:
            execute_from_command_line(["manage.py", *map(str, arguments)])
        except SystemExit as end:
            code = int(end.code or 0)
        return Outcome(code, *capsys.readouterr())

    return call
