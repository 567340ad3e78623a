"""A Bulk server of files that are already there, as fast as they can be sent: ``static_bulk.py FOLDER [PEM]``.

Prints ``LISTENING <port>``. Serves every ``<Type>.ndjson`` of the folder, by sendfile or, with a certificate, over
TLS; counts it for searches, and ends with its standard input.
"""

from __future__ import annotations

import json
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from servers.certificates import context


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves in one piece
    disable_nagle_algorithm = True
    counts: dict[str, int]
    scheme = "http"
    folder: Path

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path).path.removeprefix("/fhir").strip("/").split("/")
        home = f"{self.scheme}://{self.headers['Host']}/fhir"
        if parts[0] == "files":
            return self.file(self.folder / parts[1])
        if parts[0] == "$export":
            return self.reply(202, {}, {"Content-Location": f"{home}/job"})
        if parts[0] == "metadata":
            rest = [{"operation": [{"name": "export"}]}]
            return self.reply(200, {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": rest})
        if parts[0] == "job":
            output = [
                {"type": type_, "url": f"{home}/files/{type_}.ndjson", "count": n} for type_, n in self.counts.items()
            ]
            told = {"transactionTime": "2026-03-01T00:00:00Z", "requiresAccessToken": False, "output": output}
            return self.reply(200, told)
        total = self.counts.get(parts[0], 0)
        return self.reply(200, {"resourceType": "Bundle", "type": "searchset", "total": total, "entry": []})

    def do_DELETE(self) -> None:
        self.reply(202, {})

    def reply(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(text))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def file(self, path: Path) -> None:
        with path.open("rb") as file:
            self.send_response(200)
            self.send_header("Content-Length", str(path.stat().st_size))
            self.send_header("Content-Type", "application/fhir+ndjson")
            self.end_headers()
            self.wfile.flush()
            if not isinstance(self.connection, ssl.SSLSocket):
                self.connection.sendfile(file)
                return
            while piece := file.read(1 << 20):  # its own sendfile takes 8 KiB at a time
                self.connection.sendall(piece)


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def main(folder: str, pem: str = "") -> None:
    _Handler.folder = Path(folder)
    _Handler.counts = {path.stem: _lines(path) for path in sorted(_Handler.folder.glob("*.ndjson"))}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    if pem:
        _Handler.scheme = "https"
        server.socket = context(Path(pem)).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"LISTENING {server.server_port}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
