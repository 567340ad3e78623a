"""Questions: the bulk export."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote

from contract.ground import Ground
from contract.measures import Json, in_utc, judged, measure, of
from outreach.fhir import bulk


@measure("`$export` is listed, and starts with", "listed, 202")
def _(ground: Ground) -> str:
    listed = bulk.offers_export(ground.ask("GET", "metadata").json())
    answer = ground.ask("GET", "$export?_type=Organization", Prefer="respond-async")
    if job := answer.headers.get("Content-Location"):
        ground.ask("DELETE", job)
    return f"{'listed' if listed else 'not listed'}, {of(answer)}"


def exported(ground: Ground, since: str = "") -> Json | None:
    """The manifest of an export of Locations, the ids in its files, and how its job ended; None where there is none."""
    query = f"$export?_type=Location{'&_since=' + quote(since, safe='') if since else ''}"
    job = ground.ask("GET", query, Prefer="respond-async").headers.get("Content-Location")
    if not job:
        return None
    until = time.monotonic() + 60
    while (answer := ground.ask("GET", job, Accept="application/json")).status_code == 202:
        assert time.monotonic() < until
        time.sleep(0.3)
    manifest: Json = answer.json()
    manifest["ids"] = sorted(row["id"] for row in _lines(ground, manifest))
    manifest["ended"] = [of(ground.ask("DELETE", job)), of(ground.ask("DELETE", job))]
    return manifest


def _lines(ground: Ground, manifest: Json) -> list[Json]:
    texts = [ground.ask("GET", each["url"], Accept="application/fhir+ndjson").text for each in manifest["output"]]
    return [json.loads(line) for text in texts for line in text.splitlines()]


@measure(
    "`$export`: a `count` for each file, a `deleted` array, the job ended and ended again",
    "counts, `deleted`, 202, 404",
)
def _(ground: Ground) -> str:
    told = exported(ground)
    if told is None:
        return "no export"
    counts = all("count" in each for each in told["output"])
    words = ["counts" if counts else "no counts", "`deleted`" if "deleted" in told else "no `deleted`"]
    return ", ".join([*words, *told["ended"]])


@measure("`$export` with `_since` in UTC: what was written since, and nothing else", "right")
def _(ground: Ground) -> str:
    return _export_since(ground, "since", in_utc)


@measure("`$export` with `_since` at +05:00", "right")
def _(ground: Ground) -> str:
    east = timezone(timedelta(hours=5))
    return _export_since(ground, "since-east", lambda at: at.astimezone(east).isoformat(timespec="milliseconds"))


def _export_since(ground: Ground, name: str, spelt: Callable[[datetime], str]) -> str:
    ground.plant({"resourceType": "Location", "id": f"{name}-old", "name": name})
    time.sleep(0.5)
    ground.plant({"resourceType": "Location", "id": f"{name}-new", "name": name})
    at = datetime.fromisoformat(ground.ask("GET", f"Location/{name}-new").json()["meta"]["lastUpdated"])
    told = exported(ground, spelt(at - timedelta(milliseconds=250)))
    if told is None:
        return "no export"
    return judged(told["ids"], [f"{name}-new"])


@measure("`$export` with `_since`: a deleted resource is named", "named")
def _(ground: Ground) -> str:
    before = in_utc(datetime.now(UTC) - timedelta(seconds=1))
    ground.plant({"resourceType": "Location", "id": "dead", "name": "dead"})
    time.sleep(0.1)
    ground.ask("DELETE", "Location/dead")
    told = exported(ground, before)
    if told is None:
        return "no export"
    return "named" if told.get("deleted") else "not named"
