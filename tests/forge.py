"""Children for `confined.run` without their start-up: forked by one process that has loaded what they load.

A child sets its limits, takes its bytes and answers by the product's own code; only `python -m` is left out.
Run as a program this is that process: it answers pickled requests on its standard input.
"""

from __future__ import annotations

import io
import os
import pickle
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO, Any

from procurement import confined, drawing
from procurement.extraction import __main__ as extraction
from procurement.extraction import read, recognition
from procurement.tablefile import __main__ as tablefile
from tests.services import ROOT

MAINS: dict[str, Callable[[list[str]], int]] = {
    "procurement.extraction": extraction.main,
    "procurement.extraction.recognition": recognition.main,
    "procurement.drawing": drawing.main,
    "procurement.tablefile": lambda arguments: tablefile.main(),
}


class Forked:
    """As much of a Popen as `confined.run` uses."""

    returncode: int

    def __init__(self, command: Sequence[str], *, env: dict[str, str], **rest: Any) -> None:
        their_in, our_out = os.pipe()
        our_in, their_out = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _child(command[2], list(command[3:]), env, their_in, their_out)
        os.close(their_in)
        os.close(their_out)
        self.stdin, self.stdout = os.fdopen(our_out, "wb"), os.fdopen(our_in, "rb")

    def wait(self) -> int:
        self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode


def _child(module: str, arguments: list[str], env: dict[str, str], source: int, target: int) -> None:
    code = 1
    try:
        os.dup2(source, 0)
        os.dup2(target, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.closerange(3, 64)
        os.environ.clear()
        os.environ.update(env)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(0),
            os.fdopen(1, "w", encoding="utf-8"),
            os.fdopen(2, "w"),
        )
        code = MAINS[module](arguments)
        sys.stdout.flush()
    finally:
        os._exit(code)


def _load() -> None:
    """What the children import while they work."""
    from PIL import Image

    for sample in (ROOT / "tests" / "samples").iterdir():
        read(sample.read_bytes())
    for format_ in ("PDF", "PNG", "JPEG", "TIFF", "BMP", "WEBP"):
        out = io.BytesIO()
        Image.new("RGB", (9, 9)).save(out, format_)
        read(out.getvalue())
        drawing.draw(out.getvalue(), "application/pdf" if format_ == "PDF" else "image/png", 1)


class Forge:
    """`run` stands in for `confined.run`; `peak` is the most memory that any child has used so far, in bytes.

    The process that forks starts with the first child that is asked for. One child at a time.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._server: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def run(self, *args: Any, **kwargs: Any) -> confined.Ended:
        with self._turn:
            server = self._server = self._server or self._start()
            assert server.stdin and server.stdout
            pickle.dump((args, kwargs), server.stdin)
            server.stdin.flush()
            ended: confined.Ended
            ended, self.peak = pickle.load(server.stdout)
            return ended

    def close(self) -> None:
        if self._server is not None:
            self._server.communicate()

    @staticmethod
    def _start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.forge"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)


def main(source: IO[bytes], target: IO[bytes]) -> None:
    _load()
    subprocess.Popen = Forked
    while True:
        try:
            args, kwargs = pickle.load(source)
        except EOFError:
            return
        ended = confined.run(*args, **kwargs)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        pickle.dump((ended, peak), target)
        target.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
