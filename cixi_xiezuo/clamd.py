"""Ask a ClamAV daemon about some bytes, by its INSTREAM command."""

from __future__ import annotations

import socket
import struct

CHUNK = 256 * 1024  # bytes
PATIENCE = 20.0  # seconds for each step of the talk
CONNECT = 2.0  # seconds


def virus_in(data: bytes, address: str) -> str:
    """The name of the virus found, "" where there is none.

    `address`: host:port, or the path of a Unix socket. Raises OSError where the daemon gives no verdict.
    """
    with _connected(address) as talk:
        talk.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK):
            part = data[start : start + CHUNK]
            talk.sendall(struct.pack(">I", len(part)) + part)
        talk.sendall(struct.pack(">I", 0))
        answer = _line(talk)
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise OSError(f"clamd: {answer or 'no answer'}")


def _connected(address: str) -> socket.socket:
    if "/" in address:
        talk = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        talk.settimeout(CONNECT)
        talk.connect(address.removeprefix("unix:"))
    else:
        host, _, port = address.rpartition(":")
        talk = socket.create_connection((host.strip("[]"), int(port)), CONNECT)
    talk.settimeout(PATIENCE)
    return talk


def _line(talk: socket.socket) -> str:
    """Its answer up to the zero byte, at most 4 KB."""
    said = b""
    while b"\0" not in said and len(said) < 4096:
        part = talk.recv(4096)
        if not part:
            break
        said += part
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()
