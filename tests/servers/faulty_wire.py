"""How the faulty server takes a request and sends an answer: whole, cut, short, or a byte at a time."""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

FHIR = "application/fhir+json"
Json = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """A request as it came; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def parts(self) -> list[str]:
        return urlsplit(self.path).path.removeprefix("/fhir").strip("/").split("/")

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query) | parse_qs(self.body)


class Owner(Protocol):
    """What a request handler knows of its server."""

    faults: frozenset[str]
    rows: dict[str, list[Json]]
    history: list[Seen]
    lock: threading.Lock
    base: str
    other: str


class Wire(BaseHTTPRequestHandler):
    """One connection."""

    owner: Owner
    record: list[Seen]
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves in one piece

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests read ``history``."""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, self.path, headers, body)
        with self.owner.lock:
            before = sum(each.path == seen.path and each.method == seen.method for each in self.record)
            self.record.append(seen)
        self.answer(seen, before)

    do_POST = do_PUT = do_DELETE = do_GET

    def answer(self, seen: Seen, before: int) -> None:
        """Answers a request that was made ``before`` times already."""
        raise NotImplementedError

    def has(self, *faults: str) -> bool:
        return not self.owner.faults.isdisjoint(faults)

    def etag(self, resource: Json) -> dict[str, str]:
        if self.has("no-versions"):
            resource.pop("meta", None)
            return {}
        return {"ETag": f'W/"{resource.get("meta", {}).get("versionId", "1")}"'}

    def json(self, status: int, resource: Json, headers: dict[str, str] | None = None) -> None:
        self.reply(status, json.dumps(resource).encode(), headers)

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int | None = -1) -> None:
        """An answer; ``length``: the Content-Length it claims, None for none (then the end of the stream ends it)."""
        self.send_response(status)
        for name, value in ({"Content-Type": FHIR} | (headers or {})).items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.close_connection = length is None or length > len(body)
        self.end_headers()
        self.wfile.write(body)

    def drip(self, body: bytes, headers: bool) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {FHIR}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        slow = head + body if headers else body
        self.close_connection = True
        try:
            self.wfile.write(b"" if headers else head)
            for byte in slow:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
