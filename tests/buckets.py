"""An S3-compatible store in memory, on the loopback: what the product's store asks of one, and no more."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


@dataclass
class Bucket:
    """`objects` by "/bucket/key"; while `away` every request fails; `signed`: whether all requests were signed."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    away: bool = False
    signed: bool = True
    writes: int = 0


def _handler(bucket: Bucket) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self, status: int, body: bytes = b"", *, head: bool = False) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{hashlib.md5(body).hexdigest()}"')
            self.send_header("Last-Modified", "Fri, 01 Jan 2021 00:00:00 GMT")
            self.end_headers()
            if not head:
                self.wfile.write(body)

        def _key(self) -> str | None:
            bucket.signed &= self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256")
            if bucket.away:
                self._answer(503)
                return None
            return unquote(urlsplit(self.path).path)

        def do_HEAD(self) -> None:
            key = self._key()
            if key is not None:
                found = bucket.objects.get(key)
                self._answer(404 if found is None else 200, found or b"", head=True)

        def do_GET(self) -> None:
            key = self._key()
            if key is not None:
                found = bucket.objects.get(key)
                missing = b"<Error><Code>NoSuchKey</Code></Error>"
                self._answer(404 if found is None else 200, missing if found is None else found)

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            key = self._key()
            if key is not None:
                bucket.objects[key] = body
                bucket.writes += 1
                self._answer(200)

        def do_DELETE(self) -> None:
            key = self._key()
            if key is not None:
                bucket.objects.pop(key, None)
                self._answer(204)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@contextmanager
def running() -> Iterator[Bucket]:
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(bucket))
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
