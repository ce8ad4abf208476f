"""A ClamAV daemon's INSTREAM on the loopback that knows one virus: the EICAR test file."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Daemon:
    """`seen`: what it was sent; `says`: an answer of its own instead of a verdict, "" for hanging up."""

    address: str = ""
    seen: list[bytes] = field(default_factory=list)
    says: str | None = None


def _handler(daemon: Daemon) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if self.rfile.read(10) != b"zINSTREAM\0":
                return
            data = b""
            while size := struct.unpack(">I", self.rfile.read(4))[0]:
                data += self.rfile.read(size)
            daemon.seen.append(data)
            found = "Eicar-Test-Signature FOUND" if EICAR in data else "OK"
            answer = f"stream: {found}" if daemon.says is None else daemon.says
            if answer:
                self.wfile.write(answer.encode() + b"\0")

    return Handler


@contextmanager
def running() -> Iterator[Daemon]:
    daemon = Daemon()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), _handler(daemon)) as server:
        host, port = server.server_address[:2]
        daemon.address = f"{host!s}:{port}"
        loop: dict[str, Any] = {"poll_interval": 0.05}
        threading.Thread(target=server.serve_forever, kwargs=loop, daemon=True).start()
        yield daemon
        server.shutdown()
