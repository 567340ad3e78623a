"""Values out of a FHIR resource by the names of its elements; what repeats is walked through."""

from __future__ import annotations

import re

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Resource = dict[str, Json]
Coding = tuple[str, str]  #: system and code

#: https://hl7.org/fhir/R4/references.html#literal
_PATIENT = re.compile(r"(?:.*/)?Patient/([^/?#|]+)(?:/_history/[^/]+)?")


def every(node: Json, *names: str) -> list[Json]:
    """Everything that stands at a place, over all repeats, in order."""
    found = _items(node)
    for name in names:
        found = [item for part in found if isinstance(part, dict) for item in _items(part.get(name))]
    return found


def _items(node: Json) -> list[Json]:
    return node if isinstance(node, list) else [] if node is None else [node]


def texts(node: Json, *names: str) -> list[str]:
    return [value for value in every(node, *names) if isinstance(value, str)]


def text(node: Json, *names: str) -> str:
    """The first text at a place; "" where there is none."""
    return next(iter(texts(node, *names)), "")


def codings(node: Json, *names: str) -> list[Coding]:
    """Every coding of the concepts at a place."""
    return [(text(coding, "system"), text(coding, "code")) for coding in every(node, *names, "coding")]


def first_coding(node: Json, *names: str) -> Coding | None:
    return next(iter(codings(node, *names)), None)


def number(node: Json, *names: str) -> int | float | None:
    """The first number at a place; a JSON true is none."""
    found = [v for v in every(node, *names) if isinstance(v, int | float) and not isinstance(v, bool)]
    return found[0] if found else None


def extensions(node: Json, url: str) -> list[Json]:
    return [part for part in every(node, "extension") if text(part, "url") == url]


def patients(node: Json, *names: str) -> list[str]:
    """The ids of the Patients that the references at a place lead to."""
    found = [_PATIENT.fullmatch(value) for value in texts(node, *names, "reference")]
    return [match[1] for match in found if match]
