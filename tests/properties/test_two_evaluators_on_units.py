"""Both evaluators on every unit that rules speak, in every unit that records send, at a limit and beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from outreach.domain.units import IN_CANONICAL
from plain.fhir import Resource
from plain.made.writing import NEVER_SCANNED, opening, written
from plain.units import UNITS
from properties.both import World
from properties.told import Lot

TODAY, LIMIT, STEPS = date(2026, 3, 1), 30, ("-0.001", "0", "0.001")
SYSTEM = "urn:example:units"
KIND = {unit: kind for kind, units in UNITS.items() for unit in units}
ASKED = {unit: f"asked-{place}" for place, unit in enumerate(IN_CANONICAL)}


def _set(unit: str) -> str:
    name = ASKED[unit]
    codes = [{"system": SYSTEM, "codes": [{"code": name, "display": "made up"}]}]
    said = {"codes": name, "title": name, "meaning": "made up", "source": "nobody", "unit": unit, "includes": codes}
    return json.dumps(said)


def _rule(unit: str) -> str:
    lab = {"name": ASKED[unit], "from": LIMIT, "unit": unit, "if_absent": "no"}
    return written(
        {
            **opening(ASKED[unit]),
            "at_risk": {"reaches": {"lab": lab, "source": "nobody"}, "if_unknown": "ask-list"},
            "counts_as_done": {"scan": {"report": "image-a"}},
            "next_due": [NEVER_SCANNED, {"test": "scan", "due": "1 year", "overdue": "2 years", "source": "nobody"}],
            "proven_by": "public-test-cases",
        }
    )


def _people() -> Iterator[Resource]:
    """One for each unit sent and each step from the limit, measured under every value set."""
    for number, sent in enumerate(KIND):
        for step in STEPS:
            person = f"p{number}x{STEPS.index(step)}"
            yield {"resourceType": "Patient", "id": person, "birthDate": "1960-01-01"}
            for unit, code in ASKED.items():
                yield _measured(person, code, _as(sent, unit, LIMIT + Decimal(step)), sent)


def _as(sent: str, unit: str, value: Decimal) -> float:
    """A value of a unit written in another of its kind; of another kind the number itself."""
    if KIND[sent] != KIND[unit]:
        return float(value)
    sizes = UNITS[KIND[unit]]
    return float(value * Decimal(sizes[unit]) / Decimal(sizes[sent]))


def _measured(person: str, code: str, value: float, sent: str) -> Resource:
    return {
        "resourceType": "Observation",
        "id": f"{person}-{code}",
        "status": "final",
        "subject": {"reference": f"Patient/{person}"},
        "effectiveDateTime": "2026-02-01",
        "code": {"coding": [{"system": SYSTEM, "code": code}]},
        "valueQuantity": {"value": value, "unit": sent, "code": sent, "system": "http://unitsofmeasure.org"},
    }


def test_plain_knows_every_unit_of_rules():
    """A unit added to rules is compared here, or this fails."""
    assert sorted(set(IN_CANONICAL) - set(KIND)) == []


def test_both_agree_on_every_unit(tmp_path):
    """At the limit and a thousandth beside it, as sent in each unit; of another kind of unit neither can tell."""
    world = World(tmp_path / "world", list(_people()), Lot(TODAY, 0, 0, 0))
    for unit, name in ASKED.items():
        (world.folder / "codes" / f"{name}.yaml").write_text(_set(unit), encoding="utf-8")
    told = world.compare([_rule(unit) for unit in ASKED])
    assert (told.refused, len(told.rules)) == (0, len(ASKED))
    assert told.unlike == []
    assert min(told.reached["truth", "lab", truth] for truth in "TFU") >= len(ASKED)
