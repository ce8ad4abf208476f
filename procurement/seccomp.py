"""A filter the kernel keeps for the rest of a process: no network, no other program or process, nothing changed on disk."""

from __future__ import annotations

import ctypes
import os
import platform
from typing import NamedTuple

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # classic BPF
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001  # the last: the call fails with EPERM
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in what the filter is given
_FOREIGN = 0x40000000  # calls of another convention on x86-64


class _Calls(NamedTuple):
    """`forbidden`: socket, connect, socketpair, execve, execveat, ptrace, process_vm_*, io_uring_setup, kill;
    openat2, creat, unlink*, rename*, truncate, mkdir*, rmdir, link*, symlink*, mknod*, chmod*, chown*.
    `opening`: calls that may open but not make or empty a file, and which argument holds their flags."""

    audit: int
    forbidden: tuple[int, ...]
    opening: tuple[tuple[int, int], ...]


# fmt: off
_KNOWN = {
    "x86_64": _Calls(
        0xC000003E,
        (41, 42, 53, 59, 322, 101, 310, 311, 425, 62,
         437, 85, 87, 263, 82, 264, 316, 76, 83, 258, 84, 86, 265, 88, 266, 133, 259, 90, 91, 268, 452,
         92, 93, 94, 260),
        ((2, 1), (257, 2)),
    ),
    "aarch64": _Calls(
        0xC00000B7,
        (198, 203, 199, 221, 281, 117, 270, 271, 425, 129,
         437, 35, 38, 276, 45, 34, 37, 36, 33, 52, 53, 452, 54, 55),
        ((56, 2),),
    ),
}
# fmt: on


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("then", ctypes.c_uint8),
        ("otherwise", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def forbid_contact() -> bool:
    """Whether the filter holds: not on a kernel without it, nor on a machine whose calls are not listed."""
    known = _KNOWN.get(platform.machine())
    if known is None:
        return False
    steps = _steps(known)
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not library.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0)


def _steps(known: _Calls) -> list[_Step]:
    """The last step refuses, the one before it allows; a jump says how many steps it passes over."""
    end = 5 + len(known.forbidden) + 3 * len(known.opening)  # where it allows
    steps = [
        _Step(_LOAD, 0, 0, _ARCHITECTURE),
        _Step(_EQUAL, 1, 0, known.audit),
        _Step(_RETURN, 0, 0, _KILL),
        _Step(_LOAD, 0, 0, _NUMBER),
        _Step(_AT_LEAST, end - 4, 0, _FOREIGN),
    ]
    for call in known.forbidden:
        steps.append(_Step(_EQUAL, end - len(steps), 0, call))
    for call, argument in known.opening:
        steps.append(_Step(_EQUAL, 0, 2, call))
        steps.append(_Step(_LOAD, 0, 0, _ARGUMENTS + 8 * argument))
        here = len(steps)
        steps.append(_Step(_ANY_BIT, end - here, end - here - 1, os.O_CREAT | os.O_TRUNC))
    return [*steps, _Step(_RETURN, 0, 0, _ALLOW), _Step(_RETURN, 0, 0, _REFUSE)]
