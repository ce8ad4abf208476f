"""What a reader that has been taken over might try; run as a confined child by test_confined.py."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from procurement.confined import confine


def _attempts(folder: str, port: int) -> dict[str, Callable[[], object]]:
    place = Path(folder)
    return {
        "connect": lambda: socket.create_connection(("127.0.0.1", port), 1),
        "run a program": lambda: subprocess.run(["true"], check=True),
        "become a program": lambda: os.execv("/bin/true", ["true"]),
        "write a file": lambda: (place / "new").write_text("x"),
        "make an empty file": lambda: (place / "empty").touch(),
        "write into a file": lambda: os.write(os.open(place / "kept", os.O_WRONLY), b"x"),
        "empty a file": lambda: os.truncate(place / "kept", 0),
        "delete a file": lambda: (place / "kept").unlink(),
        "rename a file": lambda: (place / "kept").rename(place / "other"),
        "link a file": lambda: (place / "link").symlink_to("/etc/passwd"),
        "make a folder": lambda: (place / "folder").mkdir(),
        "open a file up": lambda: (place / "kept").chmod(0o777),
        "signal its parent": lambda: os.kill(os.getppid(), 0),
        "take 600 MB": lambda: bytearray(600 * 1024 * 1024),
    }


def main(how: str, folder: str = "", port: str = "0") -> None:
    confine(memory=512 * 1024 * 1024, seconds=5)
    if how == "sleep":
        time.sleep(60)
    elif how == "work":
        while True:
            pass
    elif how == "talk":
        while True:
            sys.stdout.write("x" * 65536)
    elif how == "chat":
        for _ in range(2000):
            sys.stderr.write("x" * 65536)
        print("done")
    elif how == "tell":
        print(json.dumps(dict(os.environ)))
    elif how == "try":
        print(json.dumps({name: _outcome(attempt) for name, attempt in _attempts(folder, int(port)).items()}))


def _outcome(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"


if __name__ == "__main__":
    main(*sys.argv[1:])
