"""Data nobody here wrote, flattened and read by a second, plain reader that shares no code with the first.

The archives lie beside the checkout, in ``../shared/data``; without them these tests are skipped.
"""

from __future__ import annotations

import json
import lzma
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from unit.test_flatten_support import Flattened, flat

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
Resources = list[dict[str, Any]]

# table: type, where the person stands, where the concepts stand, where a date may stand
FACTS = {
    "condition": ("Condition", "subject", "code", ("onsetDateTime", "onsetPeriod", "recordedDate")),
    "observation": ("Observation", "subject", "code", ("effectiveDateTime", "effectivePeriod", "issued")),
    "procedure": ("Procedure", "subject", "code", ("performedDateTime", "performedPeriod")),
    "report": ("DiagnosticReport", "subject", "code", ("effectiveDateTime", "effectivePeriod", "issued")),
    "service_request": ("ServiceRequest", "subject", "code", ("authoredOn",)),
    "medication_request": ("MedicationRequest", "subject", "medicationCodeableConcept", ("authoredOn",)),
    "encounter": ("Encounter", "subject", "type", ("period",)),
    "coverage": ("Coverage", "beneficiary", "type", ("period",)),
}


def members(archive: str) -> Iterator[tuple[str, bytes]]:
    path = DATA / archive
    if not path.exists():
        pytest.skip(f"{archive} is not beside the checkout (../shared/data): real data is not part of the project")
    with tarfile.open(path) as tar:
        for member in tar:
            if member.isfile() and (file := tar.extractfile(member)):
                yield member.name, file.read()


def single(archive: str) -> Resources:
    """One resource per JSON file. An id that comes back in another folder gets the folder before it."""
    found = [(name, json.loads(text)) for name, text in members(archive) if name.endswith(".json")]
    return [{**each, "id": f"{Path(name).parent.name}.{each['id']}"} for name, each in found]


def clinosim() -> Resources:
    return [
        json.loads(line)
        for name, text in members("clinosim-cirrhosis-40.tar.xz")
        if name.endswith(".ndjson")
        for line in text.splitlines()
    ]


def synthea() -> Resources:
    bundles = [json.loads(text) for _, text in members("synthea-100-bundles.tar.xz")]
    return [entry["resource"] for bundle in bundles for entry in bundle.get("entry", [])]


def synthea_people() -> Resources:
    path = DATA / "synthea-1144-patients.ndjson.xz"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the checkout (../shared/data): real data is not part of the project")
    return [json.loads(line) for line in lzma.open(path, "rt")]


SETS = {
    "clinosim": clinosim,
    "synthea": synthea,
    "synthea-people": synthea_people,
    "us-core": lambda: single("us-core-examples.tar.xz"),
    "hl7": lambda: single("hl7-r4-examples.tar.xz"),
    "cms": lambda: single("cms-2025.tar.xz"),
}


@pytest.fixture(scope="module", params=SETS)
def sent_and_night(request, tmp_path_factory) -> tuple[Resources, Flattened]:
    sent = SETS[request.param]()
    by_type: dict[str, Resources] = {}
    for each in sent:
        by_type.setdefault(each["resourceType"], []).append(each)
    return sent, flat(tmp_path_factory.mktemp(request.param), **by_type)


def test_nothing_is_set_aside_and_nobody_is_missing(sent_and_night):
    sent, night = sent_and_night
    assert night.quarantine == []
    assert [row["id"] for row in night.rows("person")] == [e["id"] for e in sent if e["resourceType"] == "Patient"]


@pytest.mark.parametrize("table", FACTS)
def test_a_plain_reader_finds_the_same_facts(sent_and_night, table):
    sent, night = sent_and_night
    type_, who, what, when = FACTS[table]
    expected = [row for each in sent if each["resourceType"] == type_ for row in plain(each, who, what, when)]
    columns = ("id", "person", "system", "code", "status", "date_lo")
    assert [tuple(row[column] for column in columns) for row in night.rows(table)] == expected


def plain(fact: dict[str, Any], who: str, what: str, when: tuple[str, ...]) -> list[tuple[Any, ...]]:
    reference = fact.get(who, {}).get("reference", "")
    person = reference.split("/")[-1] if "Patient/" in reference else None
    concepts = fact.get(what, [])
    concepts = concepts if isinstance(concepts, list) else [concepts]
    codings = [coding for each in concepts for coding in each.get("coding") or [{}]] or [{}]
    parts = fact.get("component", []) if fact["resourceType"] == "Observation" else []
    codings += [coding for part in parts for coding in part["code"].get("coding") or [{}]]
    dated = next((fact[element] for element in when if element in fact), None)
    text = dated.get("start") if isinstance(dated, dict) else dated
    day = date(*(int(part) for part in (text[:10] + "-01-01").split("-")[:3])) if text else None
    return [(fact["id"], person, c.get("system"), c.get("code"), fact.get("status"), day) for c in codings]


def test_people_of_synthea(tmp_path):
    people = synthea_people()
    rows = flat(tmp_path, Patient=people).rows("person")
    assert len(rows) == 1144
    assert sum(row["deceased"] is True for row in rows) == 144
    assert all(row["race"] and row["ethnicity"] and row["birth_lo"] and row["language"] for row in rows)


def test_multi_race_people_of_us_core(tmp_path):
    patients = [each for each in single("us-core-examples.tar.xz") if each["resourceType"] == "Patient"]
    rows = flat(tmp_path, Patient=patients).rows("person")
    assert sum(len(row["race"]) > 1 for row in rows) == 2


def test_livers_of_clinosim(tmp_path):
    sent = clinosim()
    wanted = ("Observation", "Condition", "Patient")
    night = flat(tmp_path, **{type_: [e for e in sent if e["resourceType"] == type_] for type_ in wanted})
    cirrhosis = [row for row in night.rows("condition") if row["code"].startswith("K74")]
    assert len({row["person"] for row in cirrhosis}) == 40
    assert sum(row["clinical"] == "resolved" for row in cirrhosis) == 29
    labs = {row["code"]: row["unit"] for row in night.rows("observation") if row["value"] is not None}
    assert {code: labs[code] for code in ("777-3", "1975-2", "6301-6")} == {
        "777-3": "10*9/L", "1975-2": "g/L", "6301-6": "1",
    }  # fmt: skip
