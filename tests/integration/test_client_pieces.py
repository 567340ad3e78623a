"""A server that sends a file in very many pieces does not make as many of them for whoever looks at its lines."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from outreach.fhir import bulk
from outreach.fhir.bulk import BulkFile
from outreach.fhir.client import FhirClient
from outreach.fhir.wire import PIECE

BODY = b"".join(b'{"resourceType":"Patient","id":"p%d"}\n' % n for n in range(20_000))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(BODY), 1000):
            piece = BODY[start : start + 1000]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")


class Pieces:
    def begin(self) -> None:
        self.got = list[bytes]()

    def write(self, chunk: bytes) -> None:
        self.got.append(chunk)


@pytest.fixture
def base():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/fhir"
    server.shutdown()
    server.server_close()


def test_small_pieces_are_gathered_and_none_is_lost(base):
    pieces = Pieces()
    answer = bulk.fetch(FhirClient(base), BulkFile("Patient", f"{base}/files/1", None), False, pieces)
    assert answer.delimited
    assert b"".join(pieces.got) == BODY
    assert len(BODY) > 3 * PIECE
    assert all(len(piece) >= PIECE for piece in pieces.got[:-1])
