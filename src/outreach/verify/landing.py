"""Cases as a night's landing/: NDJSON by type, with ids that no two cases share."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from outreach.verify.folder import PERSON, MeasureCase
from outreach.verify.resources import Found, Json, Resource, text

# https://hl7.org/fhir/R4/references.html#literal
_LITERAL = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]+)(?:/_history/.*)?")
Places = dict[str, list[str]]  #: file → the case behind each line


def land(cases: Sequence[MeasureCase], landing: Path) -> tuple[dict[str, MeasureCase], Places]:
    """Write the resources of all cases; returns the cases by their Patient's new id, and where their lines stand."""
    landing.mkdir()
    people: dict[str, MeasureCase] = {}
    lines: defaultdict[str, list[str]] = defaultdict(list)
    places: defaultdict[str, list[str]] = defaultdict(list)
    for number, case in enumerate(cases, start=1):
        for resource in own(case.resources, f"case{number}-"):
            file = f"{resource['resourceType']}.ndjson"
            lines[file].append(json.dumps(resource))
            places[file].append(case.name)
            if resource["resourceType"] == PERSON:
                people[text(resource["id"])] = case
    for file, rows in lines.items():
        (landing / file).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return people, dict(places)


def own(found: Sequence[Found], prefix: str) -> list[Resource]:
    """Resources with a prefix before each id, and references among them that still point where they did."""
    ids = [text(each.resource.get("id")) or each.address.rpartition("/")[2].rpartition(":")[2] for each in found]
    names = {f"{each.type}/{id_}": f"{each.type}/{prefix}{id_}" for each, id_ in zip(found, ids, strict=True)}
    names |= {each.address: f"{each.type}/{prefix}{id_}" for each, id_ in zip(found, ids, strict=True) if each.address}
    renamed = [{key: _pointed(value, names) for key, value in each.resource.items()} for each in found]
    return [{**resource, "id": prefix + id_} for resource, id_ in zip(renamed, ids, strict=True)]


def _pointed(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, list):
        return [_pointed(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    inside = {key: _pointed(each, names) for key, each in value.items()}
    reference = inside.get("reference")
    return {**inside, "reference": _renamed(reference, names)} if isinstance(reference, str) else inside


def _renamed(reference: str, names: Mapping[str, str]) -> str:
    """What points outside the case stays as it is."""
    if reference in names:
        return names[reference]
    literal = _LITERAL.fullmatch(reference)
    return names.get(f"{literal[1]}/{literal[2]}", reference) if literal else reference
