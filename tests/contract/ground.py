"""A real server with something on it, and the plainest way to ask it, past our client."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

import requests

from outreach.demo.load import ORDER
from outreach.demo.server import sekmet
from outreach.fhir.client import FhirClient
from outreach.synth import generate
from servers.hapi_server import hapi_available, hapi_server
from servers.medplum_server import medplum_available, medplum_server
from servers.sekmet_server import put

Json = dict[str, Any]
SERVERS = ("sekmet", "hapi", "medplum")
TITLES = {"sekmet": "sekmet-fhir 0.1.1", "hapi": "HAPI FHIR 8.6.0", "medplum": "Medplum router 4.5.2, in memory"}
ROWS, OF = 1203, "HealthcareService"  #: what is paged through
DAY, PEOPLE, SEED = date(2026, 3, 2), 300, 7


@dataclass
class Ground:
    """A running server. ``people``: the folder with what was loaded, besides ``ROWS`` rows of ``OF``."""

    name: str
    client: FhirClient
    people: Path
    room: Path  #: a folder to write in
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.headers["Accept"] = "application/fhir+json"

    def ask(self, method: str, path: str, body: Json | str | None = None, **headers: str) -> requests.Response:
        """One exchange. ``path`` is below the base, or a whole address; a body of text is a form."""
        url = path if "://" in path else f"{self.client.base}/{path}".rstrip("/")
        kind = "application/x-www-form-urlencoded" if isinstance(body, str) else "application/fhir+json"
        told = {"Content-Type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, str) else json.dumps(body) if body is not None else None
        return self.session.request(
            method,
            url,
            data=data,
            headers=told if data else told | {"Content-Type": ""},
            timeout=120,
            allow_redirects=False,
        )

    def plant(self, *resources: Json) -> None:
        """Puts resources under their own ids."""
        put(self.client, resources)

    def fill(self) -> None:
        """Loads the people and the rows, a hundred to a transaction: HAPI takes them twice as fast so."""
        files = sorted(self.people.glob("*.ndjson"), key=lambda path: _place(path.name.split(".")[0]))
        lines = (json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines())
        for bundle in _batched(chain(lines, rows()), 100):
            entries = [
                {"resource": row, "request": {"method": "PUT", "url": f"{row['resourceType']}/{row['id']}"}}
                for row in bundle
            ]
            answer = self.ask("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
            assert answer.status_code == 200, answer.status_code

    def found(self, path: str) -> list[str]:
        """The ids on the first page of a search, sorted."""
        return sorted(entry["resource"]["id"] for entry in self.ask("GET", path).json().get("entry", []))


def _place(type_: str) -> int:
    """What others refer to comes before them."""
    return ORDER.index(type_) if type_ in ORDER else len(ORDER)


def _batched(rows: Iterable[Json], size: int) -> Iterator[list[Json]]:
    rest = iter(rows)
    return iter(lambda: list(islice(rest, size)), [])


def unavailable(name: str) -> str | None:
    """Why a server cannot run here; None when it can."""
    return {"hapi": hapi_available, "medplum": medplum_available}.get(name, lambda: None)()


def rows() -> list[Json]:
    return [{"resourceType": OF, "id": f"r{n:04}", "active": True, "name": f"Row {n}"} for n in range(ROWS)]


@contextmanager
def ground(name: str, room: Path) -> Iterator[Ground]:
    """A server that holds 300 synthetic people and ``ROWS`` rows of one type, and ends with the block."""
    people = room / "people"
    generate(PEOPLE, SEED, DAY, people)
    with {"sekmet": lambda: sekmet(room / "data"), "hapi": _hapi, "medplum": medplum_server}[name]() as base:
        place = Ground(name, FhirClient(base, deadline_s=120), people, room)
        place.fill()
        yield place


def _hapi() -> Any:
    return hapi_server(patient_export=False)
