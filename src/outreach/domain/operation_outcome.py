"""What an export says that it could not do: one OperationOutcome a line, in words that each server chooses itself.

https://hl7.org/fhir/R4/operationoutcome.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

OUTCOMES = "outcomes.ndjson"
"""The file of a landing folder that holds them, in the server's own words. There is none when there were none."""

_HARMLESS = frozenset({"warning", "information", "success"})
_REFERENCE = re.compile(r"(?<![A-Za-z0-9])([A-Z][A-Za-z]{2,63})/([A-Za-z0-9\-.]{1,64})(?![A-Za-z0-9\-])")


@dataclass(frozen=True)
class Told:
    """What one line tells. Of a mere warning or information nothing is kept.

    ``nameless``: one of its errors names no Patient, whatever the others name, so it may be about anybody. ``people``
    are the Patients whom its errors name, ``resources`` the other resources they name, as (type, id).
    """

    nameless: bool
    people: frozenset[str] = frozenset()
    resources: frozenset[tuple[str, str]] = frozenset()


def told(line: bytes) -> Told:
    """What a line tells. One that is no OperationOutcome is an error that names nobody.

    A reference counts wherever it stands in an error: ``expression``, ``diagnostics``, ``details``, an extension. What
    stands beside the issues belongs to each of them.
    """
    try:
        outcome = json.loads(line)
        if not isinstance(outcome, dict) or outcome.get("resourceType") != "OperationOutcome":
            return Told(True)
        issues = outcome.get("issue")
        bad = [issue for issue in issues if not _harmless(issue)] if isinstance(issues, list) else [None]
        if not bad:
            return Told(False)
        beside = {name: value for name, value in outcome.items() if name not in ("issue", "id", "meta")}
        named = [{pair for text in _strings([issue, beside]) for pair in _references(text)} for issue in bad]
    except (ValueError, RecursionError):
        return Told(True)
    people, everything = [_people(each) for each in named], frozenset[tuple[str, str]]().union(*named)
    others = frozenset(pair for pair in everything if pair[0] != "Patient")
    return Told(not all(people), frozenset[str]().union(*people), others)


def _people(named: Iterable[tuple[str, str]]) -> frozenset[str]:
    return frozenset(id_ for type_, id_ in named if type_ == "Patient")


def _harmless(issue: object) -> bool:
    return isinstance(issue, Mapping) and issue.get("severity") in _HARMLESS


def _references(text: str) -> Iterator[tuple[str, str]]:
    """``Patient/12``, alone, in a sentence that it ends, or in an address."""
    for type_, id_ in _REFERENCE.findall(text):
        if id_.rstrip("."):
            yield type_, id_.rstrip(".")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)
