"""Run a module on bytes that may be hostile, in a process of its own: what they break is only that process.

The parent's half is `run`; the child's, called before it looks at the bytes, is `confine`.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from procurement.seccomp import forbid_contact

_ROOT = Path(__file__).resolve().parents[1]
_PR_SET_PDEATHSIG = 1  # the signal a child gets when its parent is gone
_PASSED_ON = ("PATH",)
"""All of our environment that the child sees besides what it is told: no secret is among it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended. `output` is empty unless it did all its work; `late`: the clock ended it."""

    output: bytes = b""
    late: bool = False


def run(
    module: str,
    arguments: Sequence[str],
    data: bytes,
    *,
    seconds: float,
    most: int,
    told: Mapping[str, str] = MappingProxyType({}),
) -> Ended:
    """`python -m module arguments < data`, at most `seconds` long and `most` bytes of output.

    `told` is added to the child's environment. Raises OSError where no process can be started.
    """
    command = [sys.executable, "-m", module, *arguments]
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # libraries may chat without end
        cwd=_ROOT,
        env=environment | dict(told) | {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        os.kill(process.pid, signal.SIGKILL)

    clock = threading.Timer(seconds, stop)
    clock.start()
    try:
        output = _exchange(process, data, most)
        if len(output) > most:
            os.kill(process.pid, signal.SIGKILL)
    except BaseException:
        os.kill(process.pid, signal.SIGKILL)
        raise
    finally:
        _bury(process, clock)
    whole = process.returncode == 0 and len(output) <= most
    return Ended(output if whole else b"", late.is_set())


def _exchange(process: subprocess.Popen[bytes], data: bytes, most: int) -> bytes:
    """Give it all, then take what it says, up to one byte more than it may."""
    assert process.stdin is not None and process.stdout is not None
    with process.stdout:
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(data)
        return process.stdout.read(most + 1)


def _bury(process: subprocess.Popen[bytes], clock: threading.Timer) -> None:
    """Wait for its end, which the clock brings about if need be."""
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    clock.cancel()
    clock.join()  # after this nobody signals the number, which may soon be another's
    process.wait()


def confine(*, memory: int, seconds: int, data: int | None = None) -> None:
    """From here on: at most `memory` bytes of address space, of which `data` (all of it where not told) may be
    memory of its own rather than mapped libraries, and `seconds` of work; no file written, no contact.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_DATA, (data or memory, data or memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        forbid_contact()
