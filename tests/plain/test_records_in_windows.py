"""Which records count, and when they lie in a window: answers from the language's own text, by hand."""

from __future__ import annotations

import pytest

from plain.conftest import coded, finding, ill


@pytest.mark.parametrize(
    ("window", "onset", "answer"),
    [
        ("within: 1 year", "2025-03-01", "T"),
        ("within: 1 year", "2025-02-28", "F"),
        ("within: 1 year", "2025-03", "T"),
        ("within: 1 year", "2025", "U"),
        ("within: 1 year", "2024", "F"),
        ("for: 1 year", "2025-03-01", "T"),
        ("for: 1 year", "2025-03-02", "F"),
        ("for: 1 year", "2025-03", "U"),
        ("starts_in: year", "2025-03-02", "T"),
        ("starts_in: year", "2025-03-01", "F"),
        ("starts_in: prior", "2025-03-01", "T"),
        ("starts_in: prior", "2024-03-02", "T"),
        ("starts_in: prior", "2024-03-01", "F"),
        ("starts_in: wide", "2024-09-02", "T"),
        ("starts_in: wide", "2024-09-01", "F"),
        ("starts_in: wide", "2024-09", "U"),
        ("ends_in: year", "2025-06-01", "F"),
        ("during: year", "2025-06-01", "F"),
        ("overlaps: prior", "2020-01-01", "T"),
        ("overlaps: prior", "2025-03-02", "F"),
        ("overlaps: prior", "2025", "U"),
    ],
)
def test_a_diagnosis_that_is_still_open(ask, window, onset, answer):
    assert ask(f"diagnosis: {{name: ill-a, {window}}}", ill(onsetDateTime=onset)).truth == answer


RESOLVED = {"clinicalStatus": {"coding": [{"code": "resolved"}]}}


@pytest.mark.parametrize(
    ("window", "more", "answer"),
    [
        ("ends_in: year", {"abatementDateTime": "2025-03-02"}, "T"),
        ("ends_in: year", {"abatementDateTime": "2025-03-01"}, "F"),
        ("during: prior", {"abatementDateTime": "2025-03-01"}, "T"),
        ("during: prior", {"abatementDateTime": "2025-03-02"}, "F"),
        ("overlaps: year", {"abatementDateTime": "2025-03-01"}, "F"),
        ("overlaps: year", RESOLVED, "U"),
        ("overlaps: prior", RESOLVED, "T"),
        ("ends_in: year", RESOLVED, "U"),
        ("during: prior", RESOLVED, "U"),
        ("active: true", RESOLVED, "F"),
        ("active: true", {"abatementDateTime": "2026-03-01"}, "F"),
        ("active: true", {"abatementDateTime": "2026-03-02"}, "T"),
        ("active: true", {}, "T"),
        ("active: true", {"abatementPeriod": {"end": "2026-02"}}, "F"),
        ("active: true", {"abatementPeriod": {"end": "2026"}}, "T"),  # it may go on until December
        ("active: true", {"abatementPeriod": {"start": "2027"}}, "T"),
        ("ends_in: year", {"abatementPeriod": {"end": "2025-06-01"}}, "T"),
        ("active: true", {"abatementDateTime": "2025-13-45"}, "F"),  # told to be over, though not since when
        ("active: true", {"abatementPeriod": {"start": "2025-06-01", "end": "2025-13-45"}}, "F"),
        ("active: true", {"abatementPeriod": {"start": "2025-13-45", "end": "2027"}}, "F"),
        ("ends_in: year", {"abatementPeriod": {"start": "2025-06-01", "end": "2025-13-45"}}, "U"),
    ],
)
def test_a_diagnosis_has_a_last_day_of_its_own(ask, window, more, answer):
    assert ask(f"diagnosis: {{name: ill-a, {window}}}", ill(onsetDateTime="2024-06-01", **more)).truth == answer


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({"onsetDateTime": "2026-03-02"}, "F"),
        ({"onsetDateTime": "2026"}, "T"),
        ({"recordedDate": "2026-02-28"}, "T"),
        ({}, "T"),
        ({"verificationStatus": {"coding": [{"code": "refuted"}]}}, "F"),
        ({"verificationStatus": {"coding": [{"code": "provisional"}]}}, "T"),
        ({"code": coded("ill-b")}, "F"),
        ({"code": {"coding": [{"system": "urn:example:other", "code": "ill-a-1"}]}}, "F"),
    ],
)
def test_which_diagnoses_count(ask, more, answer):
    assert ask("diagnosis: ill-a", ill(**more)).truth == answer


def test_an_undated_record_is_there_but_in_no_window(ask):
    assert [ask(f"diagnosis: {{name: ill-a{more}}}", ill()).truth for more in ("", ", within: 1 year")] == ["T", "U"]


def test_nothing_on_record_is_no_unless_the_rule_says_otherwise(ask):
    assert ask("procedure: done-a").truth == "F"
    assert ask("procedure: {name: done-a, if_absent: unknown}").truth == "U"


@pytest.mark.parametrize(
    ("days", "answer"),
    [
        (("2026-01-01", "2026-01-02"), "T"),
        (("2026-01-01", "2026-01-01"), "F"),
        (("2026-01-01", "2025"), "U"),
        (("2026-01-01", "2024"), "F"),
    ],
)
def test_counting_counts_days(ask, days, answer):
    found = [finding(effectiveDateTime=day) for day in days]
    assert ask("finding: {name: sign-a, count: 2, within: 1 year}", *found).truth == answer


def test_the_latest_finding_alone_is_judged(ask):
    yes, no = ({"valueCodeableConcept": coded(name)} for name in ("answer-a", "answer-b"))
    asked = "finding: {name: sign-a, value: answer-a, which: latest}"
    old, new = {"effectiveDateTime": "2025-01-01"}, {"effectiveDateTime": "2026-01-01"}
    assert ask(asked, finding(**yes, **old), finding(**no, **new)).truth == "F"
    assert ask(asked, finding(**no, **old), finding(**yes, **new)).truth == "T"
    assert ask(asked, finding(**yes, **old), finding(**new)).truth == "U"
    within = "finding: {name: sign-a, value: answer-a, which: latest, within: 1 year}"
    assert ask(within, finding(**no, effectiveDateTime="undated")).truth == "F"
    assert ask(within, finding(effectiveDateTime="undated")).truth == "U"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [("setting: ambulatory", "F"), ("setting: [ambulatory, inpatient]", "T"), ("discharged_to: gone-a", "T")],
)
def test_a_visit_by_its_setting_or_where_it_ended(ask, asked, answer):
    stay = {"class": {"code": "ACUTE"}, "hospitalization": {"dischargeDisposition": coded("gone-a")}}
    visit = {"resourceType": "Encounter", "status": "finished", **stay}
    assert ask(f"visit: {{{asked}}}", visit).truth == answer


def test_a_supply_is_part_of_a_medicine(ask):
    supply = {"dispenseRequest": {"expectedSupplyDuration": {"value": 30}}}
    drug = {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "authoredOn": "2025-02-10"}
    drug["medicationCodeableConcept"] = coded("drug-a")
    asked = "medicine: {name: drug-a, overlaps: year}"
    assert [ask(asked, drug).truth, ask(asked, drug | supply).truth] == ["F", "T"]


@pytest.mark.parametrize(
    ("more", "order", "open_order"),
    [
        ({}, "T", "T"),
        ({"status": "completed"}, "T", "F"),
        ({"status": "revoked"}, "F", "F"),
        ({"intent": "plan"}, "F", "F"),
        ({"doNotPerform": True}, "F", "F"),
    ],
)
def test_an_order_is_open_until_it_is_done(ask, more, order, open_order):
    asked = {"resourceType": "ServiceRequest", "status": "active", "intent": "order", "code": coded("order-a"), **more}
    assert (ask("order: order-a", asked).truth, ask("open-order: order-a", asked).truth) == (order, open_order)


@pytest.mark.parametrize("spelling", ["qicore-doNotPerform", "qicore-doNotPeform"])
def test_a_device_not_to_be_given(ask, spelling):
    url = f"http://hl7.org/fhir/us/qicore/StructureDefinition/{spelling}"
    device = {
        "resourceType": "DeviceRequest",
        "status": "active",
        "intent": "order",
        "codeCodeableConcept": coded("tool-a"),
    }
    marked = device | {"modifierExtension": [{"url": url, "valueBoolean": True}]}
    assert (ask("device: tool-a", device).truth, ask("device: tool-a", marked).truth) == ("T", "F")
