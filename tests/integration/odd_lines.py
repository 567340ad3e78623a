"""Lines that two readers of JSON, or two casts, may well take differently: each is legal to someone."""

from __future__ import annotations

import json
from typing import Any

from unit.test_flatten_support import LOINC, concept, observation, resource

ME = {"reference": "Patient/me"}


def _obs(more: str) -> str:
    """An Observation with a piece of JSON as it stands at its end."""
    return json.dumps(observation("odd", subject=ME))[:-1] + f", {more}}}"


def _with(old: str, new: str) -> str:
    return json.dumps(observation("odd", subject=ME)).replace(old, new)


_NUMBERS = ("1.50", "1e5", "1E-3", "-0", "0.1", "12345678901234567890", "1e400", "01", ".5", "NaN", "Infinity", "+1")
_NUMBER_TEXTS = ("1.50", " 5", "5 ", "1d", "1f", "0x1F", "1_000", "NaN", "inf", "Infinity", "-", "", "5,1", "١")
_TIMES = (
    *(
        "2024",
        "2024-02",
        "2024-2",
        "2024-02-30",
        "2024-1-5",
        "0000",
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "epoch",
    ),
    *(
        "2024-02-03T",
        "2024-02-03T25:00:00Z",
        "2024-02-03 10:00:00",
        " 2024-02-03",
        "2024-02-03 ",
        "2024-02-03\\n",
        "٢٠٢٤",
    ),
    *(
        "٢٠٢٤",
        "10000-01-01",
        "-2024-01-01",
        "2024-13",
        "2024-00",
        "infinity",
        "20240203",
        "2024-02-03T10:00:00.1234567Z",
        "",
    ),
)
_STAMPS = (
    *("2024-02-03T10:00:00Z", "2024-02-03T10:00:00.123456+05:30", "2024-02-03T10:00:00.1234567Z", "2024-02-03"),
    *(
        "2024-02-03T10:00:60Z",
        "2024-02-03T24:00:00Z",
        "2024-02-03T10:00Z",
        "2024-02-03T10:00:00",
        "0001-01-01T00:00:00Z",
    ),
    *(
        "2024-02-03T10:00:00+14:00",
        "2024-02-03T10:00:00+15:59",
        "2024-02-03T10:00:00 Europe/Paris",
        "2024-02-30T10:00:00Z",
    ),
)
_REFERENCES = (
    *("Patient/me", "https://a.b/fhir/Patient/me/_history/3", "Patient/me\\n", "Patient/", "Patient/a/b", "patient/me"),
    *("urn:uuid:1", "Patient/é", "Patient/me?x", "xPatient/me", "/Patient/me", "Patient/a|b", "Patient/me\\u2028", ""),
)
_LINES = (
    "{} {}", "[]", "[{}]", "null", "1", '"x"', "{", "}", "x", "{}]x", "{}}x", "{},{}", '{}, "x": {}', "\x0b",
    " \t", "\x0c",
    '{"resourceType": "Observation", "id": "odd"}]x', '{"resourceType": "Observation", "id": "odd"}}',
    '{"resourceType": "Observation", "id": "odd"},{"resourceType": "Observation", "id": "odd2"}',
    '{"resourceType": "Observation", "id": "odd"}], "x": [1', '{"resourceType": "Observation", "id": "odd"}, "x": {}',
    '{"resourceType": "Observation", "id": "odd"}\r', '\ufeff{"resourceType": "Observation", "id": "odd"}',
    "{'resourceType': 'Observation', 'id': 'odd'}", '{"resourceType": "Observation", "id": "odd",}',
    '{"resourceType": "Observation", "id": "odd"} // so', '{resourceType: "Observation", "id": "odd"}',
    '{"resourceType":\r"Observation",\t"id": "odd"}', '{"RESOURCETYPE": "Observation", "id": "odd"}',
    '{"resourceType": "Observation", "ID": "odd"}', '{"resourceType": "Observation", "id": 7}',
    '{"resourceType": "Observation", "id": "7", "id": "8"}', '{"resourceType": "Observation", "id": true}',
)  # fmt: skip
_PIECES = (
    '"status": "final", "status": "amended"', '"x": {"a": 1, "a": 2}', '"valueString": null', '"valueString": 1.50',
    '"valueString": true', '"valueString": {"a": 1, "b": [1,  2]}', '"valueString": [1, 2]', '"valueString": "[1, 2]"',
    '"valueString": "{INR}"', '"valueString": "\\u0000"', '"valueString": "\\ud800"', '"valueString": "\\ud83d\\ude00"',
    '"valueString": "\\/ \\n \\t \\u00e9 é"', '"valueString": "a\tb"', '"valueString": "\x7f\u2028"',
    '"valueString": ""',
    '"valueQuantity": null', '"valueQuantity": {}', '"valueQuantity": []', '"valueQuantity": [{"value": 1}]',
    '"valueQuantity": "5"', '"valueQuantity": {"value": {"x": 1}}', '"valueQuantity": {"value": null, "unit": "%"}',
    '"valueQuantity": {"value": 5, "unit": {"a": "b"}}', '"valueQuantity": {"value": 5, "unit": "[iU]/mL"}',
    '"valueQuantity": {"value": 5, "Value": 6, "unit": "kg"}', '"valueQuantity": {"value": 5, "comparator": "~"}',
    '"valueCodeableConcept": {"coding": null}', '"valueCodeableConcept": {"coding": []}',
    '"valueCodeableConcept": {"coding": [null]}', '"valueCodeableConcept": {"coding": [null, {"code": "x"}]}',
    '"valueCodeableConcept": {"coding": {"code": "x"}}', '"valueCodeableConcept": {"coding": ["x"]}',
    '"valueCodeableConcept": {"coding": [[{"code": "x"}]]}', '"valueCodeableConcept": {"coding": [{"code": ["x"]}]}',
    '"valueCodeableConcept": {"coding": [{"system": "s"}, {"code": ""}, {"code": "y ", "system": null}]}',
    '"effectivePeriod": {"start": "2024-05-10", "end": "2024-05"}',
    '"effectivePeriod": {"start": "2024-05", "end": "2024-01"}', '"effectivePeriod": {"end": "2024"}',
    '"component": [' * 40 + "1" + "]" * 40, '"component": ' + "[" * 1200 + "]" * 1200,
    '"extension": [{"url": "a", "url": "b"}]', '"meta": {"versionId": 3, "lastUpdated": 5}', '"meta": []',
)  # fmt: skip
_CODES: tuple[Any, ...] = ("", " a", "a ", "é", "[a", "{a}", "[1]", 5, None, {"a": 1}, ["b"], "a\u00a0", "a\n")
_CATEGORIES: tuple[Any, ...] = (
    *(
        [],
        [None],
        [{}],
        [{}, {"coding": [{"code": "x"}]}],
        [{"coding": []}, {"coding": [{"code": "y"}]}],
        [{"text": "t"}],
    ),
    *([None, {"coding": [None, {"code": "x"}]}], [{"coding": [{"display": "d"}]}, {"text": "u"}], {"coding": []}),
)
_MANY = (
    {"contact": [], "link": [{"type": "replaced-by", "other": {"reference": "Patient/b"}}]},
    {"link": [{"type": "replaced-by"}, {"type": "replaced-by", "other": {"reference": "Patient/c"}}, None]},
    {"link": [{"type": "seealso"}, {"type": "replaced-by", "other": {"identifier": {"value": "1"}}}]},
    {"communication": [{"preferred": "true", "language": {"coding": [{"code": "es"}]}}, {}]},
    {"communication": [{"language": {"coding": [{"code": "es"}]}}]},
    {"communication": [None]},
    {"extension": [{"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race", "extension": None}, None]},
    {"extension": [{}], "deceasedBoolean": "true", "active": 1, "gender": "Female"},
    {"identifier": [{"system": None}, {"system": "a"}, {}], "birthDate": "1960-02-30", "deceasedDateTime": "2020"},
)


_ACTORS: tuple[Any, ...] = (
    *(["Patient/a"], ["Patient/a", "Patient/b"], ["Patient/b", None, "Location/l", "Patient/a", "Patient/b"]),
    *(["Practitioner/p", "Location/l"], [], [None, "urn:uuid:a"], ["Patient/a", "Patient/"], ["Patient/", "Patient/c"]),
)


def _visit(actors: list[Any]) -> str:
    said = [{"actor": {"reference": actor}} if actor else actor for actor in actors]
    return json.dumps(resource("Appointment", "odd", participant=said, serviceType=[concept("1", "2"), concept("3")]))


def lines() -> dict[str, list[str]]:
    """By resource type, each between two good lines of its own."""
    observations = [*_LINES, *map(_obs, _PIECES)]
    observations += [_obs(f'"valueQuantity": {{"value": {n}, "unit": "g"}}') for n in _NUMBERS]
    observations += [_obs(f'"valueQuantity": {{"value": "{n}", "unit": "g"}}') for n in _NUMBER_TEXTS]
    observations += [_with('"2025-10-01"', f'"{time}"') for time in _TIMES]
    observations += [_obs(f'"meta": {{"lastUpdated": "{stamp}"}}') for stamp in _STAMPS]
    observations += [_with('"Patient/me"', f'"{reference}"') for reference in _REFERENCES]
    coded = [{"coding": [{"system": LOINC, "code": code}, {"code": "b"}]} for code in _CODES]
    observations += [json.dumps(observation("odd", code=code)) for code in coded]
    conditions = [json.dumps(resource("Condition", "odd", category=each, bodySite=each)) for each in _CATEGORIES]
    encounters = [json.dumps(resource("Encounter", "odd", type=each)) for each in _CATEGORIES]
    people = [json.dumps(resource("Patient", "odd", **each)) for each in _MANY]
    slots = [json.dumps(resource("Slot", "odd", start=s, end=s)) for s in (*_STAMPS, *_TIMES)]
    visits = [_visit(each) for each in _ACTORS]
    by_type = {"Observation": observations, "Condition": conditions, "Encounter": encounters, "Patient": people}
    return {type_: _between(type_, each) for type_, each in (by_type | {"Slot": slots, "Appointment": visits}).items()}


def _between(type_: str, odd: list[str]) -> list[str]:
    """Every odd one has an id of its own, but for those that repeat an earlier one: of these the last one stays."""
    found = []
    for n, line in enumerate(odd):
        good = resource(type_, f"good{n % 90}", code=concept("777-3"), meta={"versionId": str(n % 7)})
        found += [json.dumps(good), line.replace('"odd"', f'"odd{n}"'), *([""] if n % 5 == 0 else [])]
    return found
