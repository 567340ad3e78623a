"""The questions of docs/servers.md, and what several of them need.

A question is asked over plain HTTP and answered in a few words. What one plants no other looks at.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import requests

from contract.ground import Ground

Json = dict[str, Any]
Measure = Callable[[Ground], str]
MEASURES: dict[str, Measure] = {}
RIGHT: dict[str, str] = {}  #: what each question should be answered; "" where nothing says


def measure(question: str, right: str = "") -> Callable[[Measure], Measure]:
    """Puts a function on the page under a question; ``right``: the answers that are as they should be, with " or "."""

    def keep(function: Measure) -> Measure:
        assert question not in MEASURES
        MEASURES[question], RIGHT[question] = function, right
        return function

    return keep


def message(key: str, **more: object) -> Json:
    identifier = [{"system": "urn:outreach:campaign", "value": key}]
    return {"resourceType": "Communication", "status": "completed", "identifier": identifier, **more}


def slot(id_: str, **more: object) -> Json:
    times = {"start": "2027-03-01T10:00:00Z", "end": "2027-03-01T10:30:00Z"}
    return {"resourceType": "Slot", "id": id_, "schedule": {"display": "room"}, "status": "free", **times, **more}


def keyed(key: str) -> str:
    return f"identifier=urn:outreach:campaign|{key}"


def of(answer: requests.Response) -> str:
    return str(answer.status_code)


def judged(found: list[str], right: list[str]) -> str:
    if found == right:
        return "right"
    return "finds none" if not found else "misses some" if set(found) < set(right) else "finds too much"


def in_utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
