"""A wire that loses things, between the sender and a real server. It forwards, and then may not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

#: lose-answer: the server does it, nobody hears of it. lose-request: the server never sees it.
#: put-off: the server does it, and the wire says 503.
#: refuse, forbid, overload: answered by the wire with 422, 403 or 503. down: nothing gets through.
Fate = Literal["pass", "lose-answer", "lose-request", "refuse", "forbid", "overload", "put-off", "down"]

STATUS = {"refuse": 422, "forbid": 403, "overload": 503}
Script = Callable[[str, str, int], Fate]  #: method, resource type, how many of them before → fate


@dataclass
class Wire:
    """A running proxy. ``seen`` counts what came by, as "POST Communication"."""

    base: str
    script: Script
    seen: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fate(self, method: str, path: str) -> Fate:
        type_ = path.split("/")[2].split("?")[0]
        what = f"{method} {type_}{' search' if path.endswith('_search') else ''}"
        with self.lock:
            before = self.seen.count(what)
            self.seen.append(what)
        return self.script(*what.split(" ", 1), before)


@contextmanager
def wire(target: str, script: Script) -> Iterator[Wire]:
    """A proxy before ``target`` that follows a script."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.target = urlsplit(target)  # type: ignore[attr-defined]
    server.wire = Wire(f"http://127.0.0.1:{server.server_port}/fhir", script)  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server.wire  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fate: Fate = self.server.wire.fate(self.command, self.path)  # type: ignore[attr-defined]
        if fate in ("lose-request", "down"):
            self.close_connection = True
            return None
        if fate in STATUS:
            return self._answer(STATUS[fate], {"Retry-After": "0"}, b"")
        status, headers, answer = self._forward(body)
        if fate == "lose-answer":
            self.close_connection = True
            return None
        if fate == "put-off":
            return self._answer(503, {"Retry-After": "0"}, b"")
        return self._answer(status, headers, answer)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def _forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        target = self.server.target  # type: ignore[attr-defined]
        connection = HTTPConnection(target.hostname, target.port, timeout=30)
        kept = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        connection.request(self.command, self.path, body or None, kept)
        response = connection.getresponse()
        answer = response.read()
        headers = {k: v for k, v in response.getheaders() if k.lower() in ("content-type", "etag", "location")}
        connection.close()
        return response.status, headers, answer

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""
