"""Many made-up people in one world: given ids, some of them merged into others, links that loop or lead nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings

from plain.fhir import Resource
from plain.made.a_person import people

#: Of ten people: two merged into the one before (one of them in a chain), one who leads to nobody known.
_CHAIN, _MERGED, _NOWHERE, _LOOP = 3, 2, 7, 9


def population(size: int, today: date, seeded: int) -> list[Resource]:
    """Resources of ``size`` people, as Hypothesis draws them, the same for the same seed."""
    found: list[list[Resource]] = []
    quiet = [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
    ]

    @seed(seeded)
    @settings(
        max_examples=size + size // 8 + 1,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=quiet,
    )
    @given(people(today))
    def draw(person: list[Resource]) -> None:
        found.append(person)

    draw()
    rich = found[-size:]  # Hypothesis begins with the plainest
    return _merged([_named(person, f"p{number}") for number, person in enumerate(rich)], Random(seeded))


def _named(person: Sequence[Resource], id_: str) -> list[Resource]:
    """The person under an id of their own, and their records too."""
    text = json.dumps(list(person)).replace("Patient/me", f"Patient/{id_}").replace('"id": "me', f'"id": "{id_}')
    renamed: list[Resource] = json.loads(text)
    return renamed


def _merged(found: list[list[Resource]], random: Random) -> list[Resource]:
    for number, person in enumerate(found):
        target = {_MERGED: number - 1, _CHAIN: number - 1, _LOOP: number}.get(number % 10, -1)
        if number % 10 == _NOWHERE:
            nowhere = {"reference": "Patient/gone"} if number % 20 == _NOWHERE else {"identifier": {"value": "1"}}
            person[0]["link"] = [{"type": "replaced-by", "other": nowhere}]
        elif target >= 0 and random.random() < 0.8:
            person[0]["link"] = [{"type": "replaced-by", "other": {"reference": f"Patient/p{target}"}}]
    return [resource for person in found for resource in person]


def land(resources: Iterable[Resource], folder: Path) -> None:
    """Write resources as a night's landing: one NDJSON file a type."""
    folder.mkdir(parents=True)
    by_type: dict[str, list[str]] = {}
    for resource in resources:
        by_type.setdefault(str(resource["resourceType"]), []).append(json.dumps(resource))
    for name, lines in by_type.items():
        (folder / f"{name}.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
