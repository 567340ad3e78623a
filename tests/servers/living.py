"""A FHIR server whose records live: made, changed, merged and deleted between two nights; searched by what changed.

    with Living() as server:
        server.put({"resourceType": "Patient", "id": "p1"})
        server.delete("Patient", "p1")

Each write moves its clock on by a second. ``habits`` are the ways real servers differ: ``no-history`` offers none,
``no-totals`` counts nothing, ``one-stamp`` gives every resource the same ``lastUpdated``, ``no-stamps`` gives none,
``history-forbidden`` answers 403, ``since-refused`` answers 400 to ``_lastUpdated`` (``since-404``, ``since-422``,
``since-501`` those), ``since-finds-nothing`` has no index of it. ``asked`` remembers.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

Json = dict[str, Any]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = 40
REFUSALS = {"since-refused": 400, "since-404": 404, "since-422": 422, "since-501": 501}
HABITS = {"no-history", "history-forbidden", "no-totals", "one-stamp", "no-stamps", "since-finds-nothing", *REFUSALS}


class Living:
    """The server, listening while it is entered; see the module."""

    own_habits = frozenset(HABITS)

    def __init__(self, *habits: str) -> None:
        assert set(habits) <= self.own_habits, habits
        self.habits = frozenset(habits)
        self.clock = BEGIN
        self.rows: dict[tuple[str, str], Json] = {}
        self.versions: list[tuple[datetime, str, str, Json | None]] = []
        self.asked: list[str] = []
        handler = type("Handler", (self.handler(),), {"owner": self})
        self._listener = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._listener.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._listener.server_port}/fhir"

    def __enter__(self) -> Self:
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown()
        self._listener.server_close()

    def handler(self) -> type[Handler]:
        """What answers."""
        return Handler

    def put(self, resource: Json) -> None:
        """Make a resource, or its next version."""
        self.clock += timedelta(seconds=1)
        key = (resource["resourceType"], resource["id"])
        version = int(self.rows[key]["meta"]["versionId"]) + 1 if key in self.rows else 1
        row = {**resource, "meta": {"versionId": str(version), **self._stamp()}}
        self.rows[key] = row
        self.versions.append((self.clock, *key, row))

    def delete(self, type_: str, id_: str) -> None:
        self.clock += timedelta(seconds=1)
        del self.rows[type_, id_]
        self.versions.append((self.clock, type_, id_, None))

    def sleep(self, **time: float) -> None:
        """Let time pass."""
        self.clock += timedelta(**time)

    def _stamp(self) -> Json:
        if "no-stamps" in self.habits:
            return {}
        at = BEGIN if "one-stamp" in self.habits else self.clock
        return {"lastUpdated": at.isoformat(timespec="milliseconds")}


class Handler(BaseHTTPRequestHandler):
    owner: Living
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.owner.asked.append(self.path.removeprefix("/fhir/"))
        parts, query = url.path.removeprefix("/fhir/").split("/"), {k: v[0] for k, v in parse_qs(url.query).items()}
        if parts == ["metadata"]:
            return self.json(200, {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": [{}]})
        if parts[-1] == "_history":
            return self._history(parts[0], query)
        return self._search(parts[0], query)

    def _search(self, type_: str, query: dict[str, str]) -> None:
        rows = [row for (kind, _), row in sorted(self.owner.rows.items()) if kind == type_]
        if since := query.get("_lastUpdated"):
            for status in [status for habit, status in REFUSALS.items() if habit in self.owner.habits]:
                return self.json(status, {"resourceType": "OperationOutcome", "issue": []})
            rows = [] if "since-finds-nothing" in self.owner.habits else [r for r in rows if _after(r, since)]
        start, bundle = int(query.get("from", "0")), {"resourceType": "Bundle", "type": "searchset"}
        if "no-totals" not in self.owner.habits:
            bundle |= {"total": len(rows)}
        if query.get("_summary") != "count":
            bundle |= {"entry": [{"resource": row} for row in rows[start : start + PAGE]], "link": []}
            if start + PAGE < len(rows):
                further = urlencode(query | {"from": start + PAGE})
                bundle["link"] = [{"relation": "next", "url": f"{self.owner.base}/{type_}?{further}"}]
        return self.json(200, bundle)

    def _history(self, type_: str, query: dict[str, str]) -> None:
        if "no-history" in self.owner.habits:
            return self.json(404, {"resourceType": "OperationOutcome", "issue": []})
        if "history-forbidden" in self.owner.habits:
            return self.json(403, {"resourceType": "OperationOutcome", "issue": []})
        since = datetime.fromisoformat(query["_since"])
        told = [each for each in reversed(self.owner.versions) if each[1] == type_ and each[0] >= since]
        entries = [
            {"fullUrl": f"{self.owner.base}/{type_}/{id_}", "request": {"method": "PUT" if row else "DELETE",
             "url": f"{type_}/{id_}"}, **({"resource": row} if row else {})}
            for _, _, id_, row in told
        ]  # fmt: skip
        return self.json(200, {"resourceType": "Bundle", "type": "history", "entry": entries})

    def json(self, status: int, body: Json) -> None:
        self.send(status, json.dumps(body).encode(), "application/fhir+json")

    def send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _after(row: Json, since: str) -> bool:
    stamp = row["meta"].get("lastUpdated")
    return stamp is not None and datetime.fromisoformat(stamp) >= datetime.fromisoformat(since.removeprefix("ge"))
