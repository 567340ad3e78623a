"""What an export says that it could not do, in whatever words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from outreach.domain.operation_outcome import Told, told


def line(*issues: Any, **beside: Any) -> bytes:
    return json.dumps({"resourceType": "OperationOutcome", "issue": list(issues), **beside}).encode()


def error(**how: Any) -> dict[str, Any]:
    return {"severity": "error", "code": "exception", **how}


NOBODY = Told(nameless=True)
ANA = Told(nameless=False, people=frozenset({"ana"}))
EXTENSION = {"url": "http://example.org/about", "valueReference": {"reference": "Patient/ana"}}


@pytest.mark.parametrize(
    "text",
    [
        "Patient/ana",
        "The record of Patient/ana could not be read.",
        "Patient/ana: no such code; Patient/ana/_history/2 neither",
        "GET https://host.example/fhir/Patient/ana?_format=json failed",
        "(Patient/ana)",
    ],
)
def test_a_person_is_found_in_free_text(text: str) -> None:
    assert told(line(error(diagnostics=text))) == ANA


@pytest.mark.parametrize(
    "where",
    [
        {"expression": ["Patient/ana"]},
        {"details": {"text": "Patient/ana"}},
        {"details": {"coding": [{"display": "Patient/ana"}]}},
        {"extension": [EXTENSION]},
    ],
)
def test_a_person_is_found_wherever_an_error_names_them(where: dict[str, Any]) -> None:
    assert told(line(error(**where))) == ANA


def test_what_stands_beside_the_issues_belongs_to_an_error() -> None:
    assert told(line(error(), extension=[EXTENSION])) == ANA
    assert told(line({"severity": "warning"}, extension=[EXTENSION])) == Told(nameless=False)


def test_several_people_and_other_resources() -> None:
    found = told(line(error(diagnostics="Patient/ana and Observation/o.1"), error(expression=["Patient/bea"])))
    assert found == Told(False, frozenset({"ana", "bea"}), frozenset({("Observation", "o.1")}))


@pytest.mark.parametrize("other", [{}, {"diagnostics": "the export of Condition stopped early"}])
@pytest.mark.parametrize("severity", ["error", "fatal"])
def test_an_error_that_names_somebody_hides_none_that_names_nobody(severity: str, other: dict[str, str]) -> None:
    named, nameless = error(diagnostics="Patient/ana"), error(**other) | {"severity": severity}
    for issues in ([named, nameless], [nameless, named]):
        assert told(line(*issues)) == Told(True, frozenset({"ana"}))
    assert told(line(named, nameless, extension=[EXTENSION])) == ANA
    assert told(line(named, {"severity": "warning", "diagnostics": "slow"})) == ANA


@pytest.mark.parametrize("severity", ["warning", "information", "success"])
def test_a_mere_warning_is_no_error(severity: str) -> None:
    assert told(line({"severity": severity, "diagnostics": "Patient/ana"})) == Told(nameless=False)


@pytest.mark.parametrize("severity", ["error", "fatal", None, "grave"])
def test_anything_else_is(severity: str | None) -> None:
    assert told(line({"severity": severity, "diagnostics": "Patient/ana"}, {"severity": "warning"})) == ANA


def test_a_warning_beside_an_error_names_nobody() -> None:
    assert told(line(error(), {"severity": "warning", "diagnostics": "Patient/ana"})) == NOBODY


@pytest.mark.parametrize(
    "text",
    [
        "Patient",
        "Patient/",
        "Patient/$export",
        "Patient.name[0].given",
        "patient/ana",
        "MyPatient/ana/x y",
        "Patient?x=1",
    ],
)
def test_what_is_no_reference_names_no_person(text: str) -> None:
    assert told(line(error(diagnostics=text))).people == frozenset()


@pytest.mark.parametrize(
    "bad",
    [
        *(b"<html>", b"[]", b"null", b"[" * 100_000, line()[:-3], b"\xff", b'{"resourceType":"Patient","id":"ana"}'),
        *(b'{"resourceType":"OperationOutcome"}', b'{"resourceType":"OperationOutcome","issue":{}}'),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_nobody(bad: bytes) -> None:
    assert told(bad) == NOBODY


def test_no_issues_are_no_error() -> None:
    assert told(line()) == Told(nameless=False)
