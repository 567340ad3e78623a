"""A small FHIR server whose bulk export speaks version 2, 3 or 4, and does what a test tells it to.

    with Versions(version=4) as server:
        pull(FhirClient(server.base), …)
    assert server.starts == 1

Every request stands in ``history`` with its time; ``most_at_once`` is how many were in work at one time. A job lives
until it is deleted, whatever becomes of those who started it.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Self

from servers.faulty_search import Searches
from servers.faulty_wire import Json, Seen

CHANGED = "2026-02-28T10:00:00Z"


@dataclass(frozen=True)
class Answered:
    """A status with headers, sent instead of the usual answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Versions:
    """The server, listening while it is entered.

    Args:
        version: of the Bulk Data standard.
        script: path part → what to answer the first requests whose path holds it, in order.
        errors, deleted: lines of the files of that name.
        one_job: 429 to a start while another job has not been deleted.
        per_file: rows a file.
        latency: seconds that each search takes.
    """

    def __init__(
        self,
        *,
        version: int = 2,
        script: dict[str, list[Answered]] | None = None,
        errors: list[bytes] | None = None,
        deleted: list[bytes] | None = None,
        one_job: bool = False,
        omit: tuple[str, ...] = (),
        per_file: int = 2,
        latency: float = 0.0,
    ) -> None:
        self.version, self.errors, self.deleted, self.one_job = version, errors or [], deleted or [], one_job
        self.script, self.omit, self.per_file, self.latency = script or {}, set(omit), per_file, latency
        self.faults: frozenset[str] = frozenset()
        self.broken: dict[str, list[bytes]] = {}
        self.rows = rows()
        self.history: list[Seen] = []
        self.times: list[float] = []
        self.lock = threading.Lock()
        self.busy = self.most_at_once = 0
        self.jobs: set[int] = set()
        self.ended: set[int] = set()
        self.starts = 0
        self.polls: Counter[int] = Counter()
        handler = type("Handler", (_Handler,), {"owner": self, "record": self.history})
        self._home = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._home.daemon_threads = True
        self.base = self.other = f"http://127.0.0.1:{self._home.server_port}/fhir"

    def __enter__(self) -> Self:
        threading.Thread(target=self._home.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._home.shutdown()
        self._home.server_close()

    def asked(self, method: str, part: str) -> list[Seen]:
        """The requests with this method whose path holds ``part``."""
        return [seen for seen in self.history if seen.method == method and part in seen.path]


def rows() -> dict[str, list[Json]]:
    """Five people with a condition each, three clinics' slots, and no observation."""
    meta = {"lastUpdated": CHANGED}
    people = [{"resourceType": "Patient", "id": f"p{n}", "meta": meta} for n in range(5)]
    facts = [{"resourceType": "Condition", "id": f"c{n}", "subject": {"reference": f"Patient/p{n}"}} for n in range(5)]
    slots = [{"resourceType": "Slot", "id": f"s{n}"} for n in range(3)]
    return {"Patient": people, "Condition": facts, "Slot": slots, "Observation": []}


class _Handler(Searches):
    owner: Versions  # type: ignore[assignment]

    def answer(self, seen: Seen, before: int) -> None:
        server = self.owner
        with server.lock:
            server.times.append(time.monotonic())
            server.busy += 1
            server.most_at_once = max(server.most_at_once, server.busy)
        try:
            self.respond(seen)
        finally:
            with server.lock:
                server.busy -= 1

    def respond(self, seen: Seen) -> None:
        if (told := self.told(seen)) is not None:
            return self.reply(told.status, told.body, told.headers)
        if seen.parts == ["metadata"]:
            rest = [{"operation": [{"name": "export"}]}]
            return self.json(200, {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": rest})
        if seen.parts[-1] == "$export":
            return self.start(seen)
        if seen.parts[0] == "job":
            return self.job(seen, int(seen.parts[1]))
        if seen.parts[0] == "files":
            return self.file(seen.parts)
        time.sleep(self.owner.latency)
        return self.search(seen)

    def told(self, seen: Seen) -> Answered | None:
        with self.owner.lock:
            for part, answers in self.owner.script.items():
                if part in f"{seen.method} {seen.path}" and answers:
                    return answers.pop(0)
        return None

    def start(self, seen: Seen) -> None:
        server = self.owner
        if server.version == 4 and (seen.method == "GET" or any("," in each for each in self.parameters(seen))):
            return self.reply(405 if seen.method == "GET" else 400, b"")
        with server.lock:
            if server.one_job and server.jobs - server.ended:
                return self.reply(429, b"", {"Retry-After": "120"})
            server.starts += 1
            server.jobs.add(server.starts)
        return self.reply(202, b"", {"Content-Location": f"{server.base}/job/{server.starts}"})

    def parameters(self, seen: Seen) -> list[str]:
        return [str(each.get("valueString", "")) for each in json.loads(seen.body)["parameter"]]

    def job(self, seen: Seen, job: int) -> None:
        server = self.owner
        if job not in server.jobs - server.ended:
            return self.reply(404, b"")
        if seen.method == "DELETE":
            server.ended.add(job)
            return self.reply(202, b"")
        server.polls[job] += 1
        page = int(seen.query.get("page", ["0"])[0])
        done = server.polls[job] > 2
        if server.version == 4:
            word = {"X-Export-Status": "200 OK" if done else "202 Accepted", "X-Progress": "half"}
            return self.json(200, self.manifest(job, page) if done else {}, word)
        return self.json(200, self.manifest(job, page)) if done else self.reply(202, b"", {"Retry-After": "1"})

    def manifest(self, job: int, page: int) -> Json:
        server, home = self.owner, f"{self.owner.base}/files/{job}"
        files = [
            {"type": type_, "url": f"{home}/{type_}/{start}", "count": len(found[start : start + server.per_file])}
            for type_, found in server.rows.items()
            if type_ not in server.omit
            for start in range(0, len(found), server.per_file)
        ]
        told: Json = {"transactionTime": "2026-03-01T00:00:00Z", "requiresAccessToken": True}
        if server.version == 3:  # two files a page; a file may be said to go on in the next one
            told |= {"outputOrganizedBy": "", "output": files[2 * page : 2 * page + 2]}
            if 2 * page + 2 < len(files):
                told["output"][-1]["continuesInFile"] = files[2 * page + 2]["url"]
                told["link"] = [{"relation": "next", "url": f"{server.base}/job/{job}?page={page + 1}"}]
        else:
            told["output"] = files
        if server.version == 4:
            told |= {"manifestType": "of no concern to a client", "outputFormat": "application/fhir+ndjson"}
        if server.errors and page == 0:
            entry = {"type": "OperationOutcome", "url": f"{home}/errors/0"}
            told["outcome" if server.version == 4 else "error"] = [entry]
        if server.deleted and page == 0:
            told["deleted"] = [{"type": "Bundle", "url": f"{home}/deleted/0", "count": len(server.deleted)}]
        return told

    def file(self, parts: list[str]) -> None:
        server, (_, job, type_, start) = self.owner, parts
        if int(job) not in server.jobs - server.ended:
            return self.reply(404, b"")
        found = server.rows.get(type_, [])[int(start) : int(start) + server.per_file]
        lines = {"errors": server.errors, "deleted": server.deleted}.get(
            type_, [json.dumps(row).encode() for row in found]
        )
        return self.reply(200, b"".join(line + b"\n" for line in lines))
