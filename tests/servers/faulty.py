"""A small FHIR server that fails on purpose, in named ways, and remembers every request.

    with Faulty("next-elsewhere") as server:
        pull(FhirClient(server.base), …)
    assert server.elsewhere == []

It answers searches in pages of three, a bulk export, reads, and keyed writes. Whatever it is asked stands in
``history``, in order; what reached the listener on another port stands in ``elsewhere``. That listener answers as the
server itself would, so a client that goes there finds all it wants.
"""

from __future__ import annotations

import ssl
import threading
from http.server import ThreadingHTTPServer

from servers.faulty_export import Exports
from servers.faulty_search import Searches
from servers.faulty_wire import Json, Seen
from servers.faulty_write import Writes
from servers.listening import Listening

FAULTS = {
    "always-500": "every answer is a 500",
    "503-twice": "the first two requests for each address are answered 503",
    "429-absurd": "the first request for each address is answered 429, with a Retry-After of 57,000 years",
    "login-refused": "401 to everything but metadata",
    "not-r4": "the CapabilityStatement says 4.3.0",
    "cut-page": "the second page ends in the middle, without a Content-Length",
    "short-page": "the second page ends before its Content-Length",
    "zipped-page": "pages are gzip although plain was asked for",
    "page-gone": "the second page is 410",
    "next-loop": "the second page's next link is the first page",
    "next-elsewhere": "the second page lies on another port of this machine",
    "next-relative": "next links are relative",
    "redirect-elsewhere": "searches are answered 307 to another port",
    "outcome-page": "the second page is 200 and an OperationOutcome with an error",
    "html-page": "the second page is 200 and a web page",
    "collection-page": "the second page is a Bundle that is no searchset",
    "total-high": "totals are one higher than the rows",
    "no-totals": "no totals at all",
    "repeats": "each page begins with the last row of the one before",
    "extras": "pages hold included resources and warnings besides the rows",
    "ignores-filters": "every search finds everything",
    "post-search-405": "no POST _search",
    "index-rebuilt": "after a type was counted once, searches find none of it",
    "no-sort": "400 to any _sort",
    "drip": "the second page comes at a byte each 50 ms",
    "drip-headers": "the headers of the second page come at a byte each 50 ms",
    "export-unlisted": "the CapabilityStatement has no export, and a start is 404",
    "export-404": "a start is 404 although the export is listed",
    "export-fails": "the job ends in a 500",
    "export-omits": "the export leaves out FamilyMemberHistory",
    "export-short": "the export has one Patient less, and says so consistently",
    "export-errors": "the export has one Patient less and reports an error",
    "export-warns": "the export is whole and reports a warning",
    "count-high": "the manifest's counts are one higher than the rows",
    "no-counts": "the manifest has no counts",
    "file-cut": "bulk files end in the middle of a line, without a Content-Length and without a count",
    "file-cut-between": "bulk files lack their last line, without a Content-Length and without a count",
    "file-drip": "bulk files come at a byte each 50 ms",
    "file-html": "bulk files are a web page",
    "file-mixed": "the Patient file holds a Condition in the middle",
    "file-broken-lines": "each bulk file holds, in its middle, the lines of ``broken`` for its type, which are no JSON",
    "file-elsewhere": "bulk files lie on another port of this machine",
    "file-redirect": "bulk files are 307 to another port of this machine",
    "no-last-feed": "bulk files lack the last line feed",
    "wrong-version-taken": "If-Match is ignored",
    "key-ignored": "If-None-Exist is ignored",
    "key-confused": "If-None-Exist finds any resource of the type",
    "answer-lost": "writes are done, and the connection is cut instead of an answer",
    "write-503-once": "the first write is done and answered 503",
    "write-502": "writes are done and answered 502",
    "write-garbled": "writes are done and answered with half a JSON",
    "minimal": "writes are answered without a body",
    "no-versions": "no ETag and no meta.versionId",
}


def cohort() -> dict[str, list[Json]]:
    """Seven people, five conditions, one family history, and no observation."""
    people = [{"resourceType": "Patient", "id": f"p{n}"} for n in range(7)]
    facts = [{"resourceType": "Condition", "id": f"c{n}", "subject": {"reference": f"Patient/p{n}"}} for n in range(5)]
    family = [{"resourceType": "FamilyMemberHistory", "id": "f0", "patient": {"reference": "Patient/p0"}}]
    return {"Patient": people, "Condition": facts, "FamilyMemberHistory": family, "Observation": []}


class Handler(Searches, Exports, Writes):
    def answer(self, seen: Seen, before: int) -> None:
        if self.has("always-500") or (self.has("503-twice") and before < 2):
            return self.reply(500 if self.has("always-500") else 503, b"")
        if self.has("429-absurd") and before < 1:
            return self.reply(429, b"", {"Retry-After": "1795512343505"})
        if seen.parts == ["metadata"]:
            return self.json(200, self.capability())
        if self.has("login-refused"):
            return self.reply(401, b"")
        if seen.parts[0] in ("$export", "job", "files"):
            return self.export(seen.parts)
        if seen.method in ("PUT", "DELETE") or (seen.method == "POST" and len(seen.parts) == 1):
            return self.write(seen)
        if len(seen.parts) == 2 and seen.parts[1] != "_search":
            return self.read(*seen.parts)
        return self.search(seen)

    def capability(self) -> Json:
        operations = [] if self.has("export-unlisted") else [{"name": "export"}]
        version = "4.3.0" if self.has("not-r4") else "4.0.1"
        return {"resourceType": "CapabilityStatement", "fhirVersion": version, "rest": [{"operation": operations}]}


class Faulty(Listening):
    """The server, listening while it is entered; see the module."""

    handler: type[Handler] = Handler  #: how it answers; ``servers.scripted`` has another

    def __init__(self, *faults: str, tls: ssl.SSLContext | None = None) -> None:
        assert set(faults) <= FAULTS.keys(), faults
        self.faults = frozenset(faults)
        self.rows = cohort()
        self.broken: dict[str, list[bytes]] = {}
        self.history: list[Seen] = []
        self.elsewhere: list[Seen] = []
        self.lock = threading.Lock()
        self._home, self._other = _listener(self, self.history), _listener(self, self.elsewhere)
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self._home.server_port}/fhir"
        self.other = f"http://127.0.0.1:{self._other.server_port}/fhir"
        if tls:
            self._home.socket = tls.wrap_socket(self._home.socket, server_side=True, do_handshake_on_connect=False)

    def asked(self, method: str, part: str) -> list[Seen]:
        """The requests with this method whose path holds ``part``."""
        return [seen for seen in self.history if seen.method == method and part in seen.path]


def _listener(owner: Faulty, record: list[Seen]) -> ThreadingHTTPServer:
    handler = type("Handler", (owner.handler,), {"owner": owner, "record": record})
    listener = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    listener.daemon_threads = True
    return listener
