"""Questions: a whole pull. They come first, before anything else is planted."""

from __future__ import annotations

import json
from typing import Any

from contract.ground import Ground
from contract.measures import Json, measure, of
from outreach.errors import PullIncomplete
from outreach.fhir.bulk import Poll
from outreach.pull import pull

POLL = Poll(most_s=0.5)  #: HAPI asks for two minutes and is done in seconds


def landed(ground: Ground, bulk_too: bool) -> str:
    """A pull of everything that was loaded, compared row by row (``meta`` apart, which the server writes)."""
    folder = ground.room / f"landing-{bulk_too}"
    types = sorted({path.name.split(".")[0] for path in ground.people.glob("*.ndjson")})
    try:
        told = pull(ground.client, types, folder, prefer_bulk=bulk_too, poll=POLL)
    except PullIncomplete:
        return "refused, nothing kept"
    same = _resources(folder) == _resources(ground.people)
    ways = sorted(set(told.method.values()))
    return f"{'whole' if same else 'WRONG'}, by {' and '.join(ways)}"


def _resources(folder: Any) -> dict[str, Json]:
    lines = (line for path in folder.glob("*.ndjson") for line in path.read_text(encoding="utf-8").splitlines())
    rows = [json.loads(line) for line in lines]
    found = {f"{row['resourceType']}/{row['id']}": {k: v for k, v in row.items() if k != "meta"} for row in rows}
    assert len(found) == len(rows)
    return found


@measure("a pull of 300 people, by bulk where offered", "whole, by bulk")
def _(ground: Ground) -> str:
    return landed(ground, True)


@measure("a pull of 300 people, by search", "whole, by search")
def _(ground: Ground) -> str:
    return landed(ground, False)


@measure("`fhirVersion` of the CapabilityStatement", "4.0.1")
def _(ground: Ground) -> str:
    return str(ground.ask("GET", "metadata").json().get("fhirVersion"))


@measure("an unknown resource type is searched", "404")
def _(ground: Ground) -> str:
    return of(ground.ask("GET", "Nonsense"))
