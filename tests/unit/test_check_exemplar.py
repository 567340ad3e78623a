"""An exemplar of every kind of record is the FHIR that an EHR would send."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import pytest

from outreach.check.exemplar import resources
from outreach.errors import Refused
from outreach.rulebook.case import Given, GivenFact
from outreach.rulebook.load import load
from outreach.rulebook.model import Rule

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests" / "messages" / "rules" / "everything.yaml"


@pytest.fixture(scope="module")
def rule() -> Rule:
    return load([EXAMPLE], ROOT / "rules" / "codes")[0]


@pytest.fixture(scope="module")
def made(rule):
    return list(resources(rule, rule.cases[0], "ana", lambda _: None))


def _one(made, kind: str, code: str = ""):
    """The first resource of a type, with this code if one is named."""
    return next(found for found in made if found["resourceType"] == kind and code in str(found))


def test_every_kind_of_fact_is_made(rule, made):
    """One resource each, with ids of their own, about the one patient."""
    assert len(made) == 2 + len(rule.cases[0].given.facts)
    assert len({(found["resourceType"], found["id"]) for found in made}) == len(made)
    assert {found["resourceType"] for found in made} == {
        *("Patient", "Consent", "Condition", "Procedure", "DiagnosticReport", "Observation", "FamilyMemberHistory"),
        *("ServiceRequest", "Encounter", "MedicationRequest", "DeviceRequest", "Coverage", "Appointment"),
    }
    assert all("Patient/ana" in str(found) for found in made if found["resourceType"] != "Patient")


def test_every_resource_is_valid_fhir(made):
    """As an independent library reads R4B; a visit says its setting here, for FHIR wants a class."""
    for found in made:
        module = importlib.import_module(f"fhir.resources.R4B.{found['resourceType'].lower()}")
        getattr(module, found["resourceType"]).model_validate(found)


def test_the_person(made):
    """US Core extensions, a preferred language, partial dates as they stand."""
    patient = _one(made, "Patient")
    assert (patient["birthDate"], patient["gender"], patient["deceasedDateTime"]) == ("1970-05", "male", "2026-02-28")
    assert patient["communication"][0]["preferred"] is True
    extensions = {found["url"].rpartition("/")[2]: found for found in patient["extension"]}
    assert extensions["us-core-birthsex"]["valueCode"] == "M"
    assert extensions["patient-birthPlace"]["valueAddress"] == {"country": "VN"}
    assert [part["url"] for part in extensions["us-core-race"]["extension"]] == ["ombCategory", "text"]
    assert extensions["us-core-ethnicity"]["extension"][0]["valueCoding"]["code"] == "2186-5"


def test_a_diagnosis_that_ended(made):
    condition = _one(made, "Condition")
    assert (condition["onsetDateTime"], condition["abatementDateTime"]) == ("2020-01-01", "2021")
    assert condition["clinicalStatus"]["coding"][0]["code"] == "resolved"
    assert condition["bodySite"][0]["coding"][0]["system"] == "http://snomed.info/sct"


def test_days_and_stretches_of_days(made):
    """``until`` makes a period; undated has no date at all."""
    procedures = [found for found in made if found["resourceType"] == "Procedure"]
    assert procedures[0]["performedPeriod"] == {"start": "2019-10-01", "end": "2019-10-02"}
    assert not any(key.startswith("performed") for key in procedures[1])
    assert _one(made, "Encounter")["period"] == {"start": "2025-10-10", "end": "2025-10-11"}
    assert _one(made, "Coverage")["period"] == {"start": "2024", "end": "2025"}


def test_a_visit_says_where_and_how_it_ended(made):
    visit = _one(made, "Encounter")
    assert visit["class"]["code"] == "IMP"
    assert visit["hospitalization"]["dischargeDisposition"]["coding"][0]["code"] == "hospice"


def test_a_medicine_lasts_until_its_last_day(made):
    """From 10 October to 1 December, both included, are 53 days."""
    supply = _one(made, "MedicationRequest")["dispenseRequest"]["expectedSupplyDuration"]
    assert (supply["value"], supply["code"]) == (53, "d")


def test_observations_hold_each_kind_of_value(made):
    """A result of the test, a coded answer, a number with its unit, a day; uncoded is text; or nothing."""
    values = [
        {key: found[key] for key in found if key.startswith("value")}
        for found in made
        if found["resourceType"] == "Observation"
    ]
    coded, nothing, text, answer, number, day = values
    assert coded["valueCodeableConcept"]["coding"][0]["code"] == "260385009"
    assert nothing == {}
    assert text == {"valueString": "See text."}
    assert answer["valueCodeableConcept"]["coding"][0]["code"] == "yes"
    assert (number["valueQuantity"]["value"], number["valueQuantity"]["code"]) == (19.9, "ng/mL")
    assert day == {"valueDateTime": "2015-05"}


def test_statuses_are_the_usual_ones_unless_said(made):
    usual = {found["resourceType"]: found["status"] for found in reversed(made) if "status" in found}
    assert (usual["Procedure"], usual["MedicationRequest"], usual["Coverage"]) == ("completed", "active", "active")
    assert usual["ServiceRequest"] == "completed", "as the case says"
    statuses = [found["status"] for found in made if found["resourceType"] == "DiagnosticReport"]
    assert statuses == ["final", "preliminary"]


@pytest.mark.parametrize(
    ("fact", "name"),
    [
        (GivenFact("finding", "stool-blood-test", "2020-01-01", "purple"), "unknown-result"),
        (GivenFact("report", "aorta-ultrasound", "2020-01-01", "US-1"), "unknown-result"),
        (GivenFact("condition", "nowhere", "2020-01-01"), "unknown-value-set"),
    ],
)
def test_what_the_rule_does_not_know_is_refused_at_the_case(fact, name, rule):
    """Nothing is left out in silence: a case that lost its record would prove the wrong thing."""
    case = replace(rule.cases[0], given=Given(facts=(fact,)))
    with pytest.raises(Refused) as refusal:
        list(resources(rule, case, "ana", lambda _: None))
    (problem,) = refusal.value.problems
    assert (problem.name, problem.line, problem.column) == (name, case.line, case.column)
