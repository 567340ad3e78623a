"""A FHIR server and a token endpoint beside it, on another port, that keep SMART's rules until they are told to lie.

    with TokenServer() as server:
        server.tokens.answer(200, {"access_token": "a1", …})   # the next answers to token requests, in order
        FhirClient(server.base, auth=SmartLogin(server.base, backend, needs))

Without a script each request gets a token of its own, for what it asks, good for ``life`` seconds. ``valid`` holds the
tokens that the FHIR side takes; every other one is a 401. What came stands in ``tokens.seen`` and ``fhir``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import KeySet

from servers import faulty_wire as wire
from servers.listening import Listening

Json = dict[str, Any]


class Seen(wire.Seen):
    """A request for a token."""

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body).items()}


@dataclass
class Tokens:
    """The token endpoint: its script and what it saw."""

    life: object = 300
    script: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)
    grants: Callable[[str], str] = lambda asked: asked  #: the scopes granted for those asked for

    def answer(self, status: int, body: Json | bytes = b"", **headers: str) -> None:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.script.append((status, text, {name.replace("_", "-"): value for name, value in headers.items()}))

    def assertions(self, jwks: Json) -> list[tuple[Json, Json]]:
        """(header, claims) of each assertion that came, its signature checked."""
        keys = KeySet.import_key_set(jwks)  # type: ignore[arg-type]
        decoded = [jwt.decode(s.form["client_assertion"], keys, algorithms=["RS384", "ES384"]) for s in self.seen]
        return [(dict(each.header), dict(each.claims)) for each in decoded]


class TokenServer(Listening):
    """Both, listening while entered."""

    def __init__(self, *, capabilities: tuple[str, ...] = ("permission-v2",), discovery: Json | bytes | None = None):
        self.tokens, self.fhir, self.lock = Tokens(), [], threading.Lock()
        self.fhir: list[Seen] = []
        self.reply: Callable[[Seen], tuple[int, Json]] = lambda seen: (200, _searchset())
        self._home, self._other = _listener(self, "fhir"), _listener(self, "token")
        self.base = f"http://127.0.0.1:{self._home.server_port}/fhir"
        self.token_url = f"http://127.0.0.1:{self._other.server_port}/token"
        stated = {"token_endpoint": self.token_url, "capabilities": list(capabilities)}
        self.discovery: Json | bytes = stated if discovery is None else discovery
        self.troubles: list[int] = []  #: what smart-configuration answers first

    def token(self, seen: Seen) -> tuple[int, bytes, dict[str, str]]:
        """The answer to one token request."""
        with self.lock:
            self.tokens.seen.append(seen)
            if self.tokens.script:
                return self.tokens.script.pop(0)
            text = f"token-{len(self.tokens.seen)}"
            self.tokens.valid.add(text)
            granted = self.tokens.grants(seen.form.get("scope", ""))
        body = {"access_token": text, "token_type": "bearer", "expires_in": self.tokens.life, "scope": granted}
        return 200, json.dumps(body).encode(), {}

    def ask(self, seen: Seen) -> tuple[int, bytes, dict[str, str]]:
        """The answer of the FHIR side."""
        with self.lock:
            self.fhir.append(seen)
        if seen.path.endswith("/.well-known/smart-configuration"):
            body = self.discovery
            if self.troubles:
                return self.troubles.pop(0), b"", {"Retry-After": "0"}
            return (200 if body else 404), body if isinstance(body, bytes) else json.dumps(body).encode(), {}
        if seen.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens.valid:
            return 401, b"", {}
        status, found = self.reply(seen)
        return status, json.dumps(found).encode(), {"ETag": 'W/"1"'}


class _Handler(BaseHTTPRequestHandler):
    owner: TokenServer
    kind: str
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        seen = Seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        status, text, headers = (self.owner.token if self.kind == "token" else self.owner.ask)(seen)
        self.send_response_only(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(text))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_PUT = do_DELETE = do_GET


def _searchset() -> Json:
    return {"resourceType": "Bundle", "type": "searchset", "total": 0, "entry": []}


def _listener(owner: TokenServer, kind: str) -> ThreadingHTTPServer:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"owner": owner, "kind": kind}))
    listener.daemon_threads = True
    return listener
