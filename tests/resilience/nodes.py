"""Network namespaces of this machine: each is a node whose loopback no other node reaches. Linux, as root, with iproute2."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

_HOME = "/proc/thread-self/ns/net"
_NEWNET = 0x40000000


def hindrance() -> str:
    """Why there can be no nodes here; "" where there can."""
    if shutil.which("ip") is None:
        return "the command ip (iproute2) is not there"
    made = subprocess.run(["ip", "netns", "add", "cixi-try"], capture_output=True, text=True)
    if made.returncode:
        return f"ip netns: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "delete", "cixi-try"], check=True)
    return ""


@contextmanager
def namespaces(count: int) -> Iterator[list[str]]:
    """So many nodes, each with its loopback up and nothing else."""
    names = [f"cixi-{os.getpid()}-{number}" for number in range(count)]
    try:
        for name in names:
            subprocess.run(["ip", "netns", "add", name], check=True)
            subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)


def command_in(node: str, command: list[str]) -> list[str]:
    """The command that runs `command` on a node; "" is the machine itself."""
    return ["ip", "netns", "exec", node, *command] if node else command


@contextmanager
def inside(node: str) -> Iterator[None]:
    """Connections that this thread opens are the node's; "" leaves them as they are."""
    if not node:
        yield
        return
    home = os.open(_HOME, os.O_RDONLY)
    there = os.open(f"/run/netns/{node}", os.O_RDONLY)
    try:
        _enter(there)
        yield
    finally:
        _enter(home)
        os.close(home)
        os.close(there)


def _enter(namespace: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(namespace, _NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
