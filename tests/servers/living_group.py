"""A living server that exports a Group: who joins and who leaves between two nights.

    with LivingGroup() as server:
        server.put({"resourceType": "Patient", "id": "p1"})
        server.join("p1")

A job is finished as soon as it is started, and holds what was there then. ``_since`` is taken at its word: what is
older stays out, whoever joined. ``habits`` further to those of Living: ``no-list`` answers 400 to a list of patients,
``first-of-list`` exports the first of them, ``list-ignored`` everybody; ``everybody`` exports at the system's own level
as well; ``twice`` puts the first Condition in the place of the last, ``twice-at-first`` only in the first export;
``short`` leaves out the first Condition, and its manifest knows nothing of it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from servers.living import Handler, Json, Living

EXPORT = "Group/g/$export"


class LivingGroup(Living):
    """The server; its Group has the id ``g``. ``kickoffs`` are the parameters each export was started with."""

    own_habits = Living.own_habits | {
        "no-list",
        "first-of-list",
        "list-ignored",
        "everybody",
        "twice",
        "twice-at-first",
        "short",
    }

    def __init__(self, *habits: str) -> None:
        super().__init__(*habits)
        self.members: set[str] = set()
        self.jobs: list[dict[str, list[Json]]] = []
        self.kickoffs: list[Json] = []
        self.unexportable: dict[str, str] = {}  #: the id of a record → whose it is: an error names both instead

    def handler(self) -> type[Handler]:
        return _Exports

    def join(self, *people: str) -> None:
        self.members |= set(people)

    def leave(self, *people: str) -> None:
        self.members -= set(people)

    def export(self, types: list[str], since: str, patients: list[str]) -> int:
        """Start a job; its number."""
        if "everybody" in self.habits:
            self.members = {id_ for kind, id_ in self.rows if kind == "Patient"}
        self.kickoffs.append({"types": types, "since": since, "patients": patients})
        whom = self.members & set(patients if patients and "list-ignored" not in self.habits else self.members)
        whom = set(patients[:1]) if patients and "first-of-list" in self.habits else whom
        found: dict[str, list[Json]] = {}
        for (kind, id_), row in sorted(self.rows.items()):
            if kind in types and _people_of(row) & whom and (not since or _stamp(row) >= datetime.fromisoformat(since)):
                told = _error(f"{kind}/{id_} of Patient/{self.unexportable[id_]}") if id_ in self.unexportable else row
                found.setdefault(told["resourceType"], []).append(told)
        if "twice" in self.habits or ("twice-at-first" in self.habits and not self.jobs):
            found["Condition"][-1] = found["Condition"][0]
        if "short" in self.habits and "Condition" in found:
            del found["Condition"][0]
        self.jobs.append(found)
        return len(self.jobs) - 1


class _Exports(Handler):
    owner: LivingGroup

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        path, query = url.path.removeprefix("/fhir/"), {k: v[0] for k, v in parse_qs(url.query).items()}
        if path == "metadata" and "everybody" in self.owner.habits:
            rest = [{"operation": [{"name": "export"}]}]
            return self.json(200, {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": rest})
        if path in (EXPORT, "$export"):
            return self._start(query["_type"].split(","), query.get("_since", ""), [])
        kind, _, rest = path.partition("/")
        if kind == "job":
            return self._manifest(int(rest))
        if kind == "file":
            number, _, type_ = rest.partition("/")
            rows = self.owner.jobs[int(number)][type_]
            return self.send(200, b"".join(json.dumps(row).encode() + b"\n" for row in rows), "application/fhir+ndjson")
        return super().do_GET()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told: dict[str, list[Any]] = {}
        for each in body["parameter"]:
            value = next(value for key, value in each.items() if key != "name")
            told.setdefault(each["name"], []).append(value)
        if "patient" in told and "no-list" in self.owner.habits:
            return self.json(400, {"resourceType": "OperationOutcome", "issue": []})
        patients = [each["reference"].removeprefix("Patient/") for each in told.get("patient", [])]
        return self._start(told["_type"], next(iter(told.get("_since", [])), ""), patients)

    def do_DELETE(self) -> None:
        self.send(202, b"", "text/plain")

    def _start(self, types: list[str], since: str, patients: list[str]) -> None:
        number = self.owner.export(types, since, patients)
        self.send(202, b"", "text/plain", {"Content-Location": f"{self.owner.base}/job/{number}"})

    def _manifest(self, number: int) -> None:
        files = [
            {"type": type_, "url": f"{self.owner.base}/file/{number}/{type_}", "count": len(rows)}
            for type_, rows in self.owner.jobs[number].items()
        ]
        troubles = [file for file in files if file["type"] == "OperationOutcome"]
        output = [file for file in files if file not in troubles]
        at = self.owner.clock.isoformat(timespec="milliseconds")
        self.json(200, {"transactionTime": at, "request": self.owner.base, "requiresAccessToken": False,
                        "output": output, "error": troubles})  # fmt: skip


def _people_of(row: Json) -> set[str]:
    if row["resourceType"] == "Patient":
        return {row["id"]}
    about = [row.get("subject"), *(each.get("actor") for each in row.get("participant", []))]
    return {each["reference"].removeprefix("Patient/") for each in about if each}


def _stamp(row: Json) -> datetime:
    return datetime.fromisoformat(row["meta"]["lastUpdated"])


def _error(what: str) -> Json:
    """What stands in the error file instead of a resource."""
    issue = {"severity": "error", "code": "exception", "diagnostics": f"{what} could not be exported"}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
