"""One row per coding, the person out of any reference, and the elements that each kind of fact adds."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from unit.test_flatten_support import LOINC, SNOMED, concept, flat, observation, resource

PATIENT = {"reference": "Patient/p"}
DAY = date(2025, 10, 1)


def picked(row: dict, columns: str) -> dict:
    return {column: row[column] for column in columns.split()}


# --- codings


def test_a_fact_with_two_codings_is_two_rows_with_all_else_alike(tmp_path):
    code = {
        "coding": [{"system": LOINC, "code": "777-3", "display": "Platelets"}, {"system": "urn:lab", "code": "PLT"}]
    }
    night = flat(tmp_path, Observation=[observation(code={**code, "text": "PLT count"})])
    first, second = night.rows("observation")
    assert [picked(row, "id system code display nth") for row in (first, second)] == [
        {"id": "1", "system": LOINC, "code": "777-3", "display": "Platelets", "nth": 1},
        {"id": "1", "system": "urn:lab", "code": "PLT", "display": "PLT count", "nth": 2},
    ]
    alike = set(first) - {"system", "code", "display", "nth"}
    assert {key: first[key] for key in alike} == {key: second[key] for key in alike}
    assert night.report.lines == {"Observation.ndjson": 1}


@pytest.mark.parametrize("code", [None, {}, {"coding": []}, {"coding": None}, {"text": "by mouth"}])
def test_a_fact_without_coding_keeps_one_row(tmp_path, code):
    row = flat(tmp_path, Observation=[observation(code=code)]).row("observation")
    assert (row["system"], row["code"], row["display"]) == (None, None, (code or {}).get("text"))


def test_several_concepts_give_their_codings_one_after_another(tmp_path):
    types = [concept("a", "b", text="both"), concept(text="words"), concept("c", text="third")]
    rows = flat(tmp_path, Encounter=[resource("Encounter", type=types)]).rows("encounter")
    assert [(row["code"], row["display"], row["nth"]) for row in rows] == [
        ("a", "both", 1), ("b", "both", 2), (None, "words", 3), ("c", "third", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("types", "seen"), [([], (None, None)), ([{}], (None, None)), ([concept(text="x")], (None, "x"))]
)
def test_no_coding_in_a_list_of_concepts_keeps_one_row(tmp_path, types, seen):
    row = flat(tmp_path, Encounter=[resource("Encounter", type=types)]).row("encounter")
    assert (row["code"], row["display"]) == seen


# --- references


@pytest.mark.parametrize(
    ("reference", "person", "lost"),
    [
        ("Patient/p-1.2", "p-1.2", 0),
        ("https://ehr.example/fhir/Patient/p", "p", 0),
        ("Patient/p/_history/4", "p", 0),
        ("http://ehr.example/Patient/p/_history/4", "p", 0),
        ("urn:uuid:0b4d1a52-6e1f-4c4a-8f0e-1d1f0f3c9a10", None, 1),
        ("#contained", None, 1),
        ("Group/g", None, 1),
        ("Patient?identifier=urn:mrn|1", None, 1),
        ("https://ehr.example/fhir/OtherPatient/p", None, 1),
        ("Patient/", None, 1),
        ("p", None, 1),
    ],
)
def test_the_person_is_the_bare_id_behind_a_literal_reference(tmp_path, reference, person, lost):
    night = flat(tmp_path, Observation=[observation(subject={"reference": reference})])
    assert night.row("observation")["person"] == person
    assert night.nulled("observation", "person") == lost


def test_a_logical_reference_names_no_person_and_is_counted(tmp_path):
    """A fact that nobody can be told of is lost to somebody."""
    night = flat(tmp_path, Observation=[observation(subject={"identifier": {"system": "urn:mrn", "value": "1"}})])
    assert (night.row("observation")["person"], night.nulled("observation", "person")) == (None, 1)


# --- each kind of fact


def test_a_condition(tmp_path):
    sent = resource(
        "Condition",
        subject=PATIENT,
        code=concept("19943007", system=SNOMED, text="Cirrhosis"),
        clinicalStatus=concept("resolved"),
        verificationStatus=concept("confirmed"),
        category=[concept(text="words only"), concept("problem-list-item"), concept("other")],
        bodySite=[concept("10200004", system=SNOMED)],
        onsetDateTime="2025-10-01",
    )
    row = flat(tmp_path, Condition=[sent]).row("condition")
    assert picked(row, "person code display status clinical verification category body_site date_lo") == {
        "person": "p", "code": "19943007", "display": "Cirrhosis", "status": None, "clinical": "resolved",
        "verification": "confirmed", "category": "problem-list-item", "body_site": "10200004", "date_lo": DAY,
    }  # fmt: skip


def test_an_observation_with_a_coded_value(tmp_path):
    sent = observation(valueCodeableConcept=concept("260373001", "x", system=SNOMED), status="amended")
    row = flat(tmp_path, Observation=[sent]).row("observation")
    assert picked(row, "status value value_codes value_text") == {
        "status": "amended", "value": None, "value_codes": [f"{SNOMED}|260373001", f"{SNOMED}|x"], "value_text": None,
    }  # fmt: skip


def test_an_observation_in_words_and_one_that_is_absent(tmp_path):
    words = observation("1", valueString="trace")
    absent = observation("2", dataAbsentReason=concept("not-performed"))
    first, second = flat(tmp_path, Observation=[words, absent]).rows("observation")
    assert (first["value_text"], first["absent_reason"]) == ("trace", None)
    assert (second["value_text"], second["absent_reason"]) == (None, "not-performed")


def test_a_procedure(tmp_path):
    sent = resource(
        "Procedure", status="completed", subject=PATIENT, code=concept("76705"),
        performedPeriod={"start": "2025-10-01"},
        bodySite=[concept("10200004", system=SNOMED)],
    )  # fmt: skip
    row = flat(tmp_path, Procedure=[sent]).row("procedure")
    assert picked(row, "person code status date_lo body_site") == {
        "person": "p", "code": "76705", "status": "completed", "date_lo": DAY, "body_site": "10200004",
    }  # fmt: skip


def test_a_report_has_the_codings_of_all_its_conclusions(tmp_path):
    codes = [concept(text="benign"), concept("US-1", "x", system="urn:outreach:us-lirads"), concept("y")]
    sent = resource(
        "DiagnosticReport", status="final", subject=PATIENT, conclusionCode=codes, issued="2025-10-01T08:00:00Z"
    )
    row = flat(tmp_path, DiagnosticReport=[sent]).row("report")
    lirads = "urn:outreach:us-lirads"
    assert picked(row, "status date_lo result_codes") == {
        "status": "final", "date_lo": DAY, "result_codes": [f"{lirads}|US-1", f"{lirads}|x", f"{LOINC}|y"],
    }  # fmt: skip


@pytest.mark.parametrize("own", [{"display": "Ruled out"}, {"system": "urn:ehr", "code": "RO"}, {}])
@pytest.mark.parametrize("before", [True, False])
def test_a_word_of_the_list_speaks_before_a_sites_own(tmp_path, own, before):
    """A diagnosis that was refuted must not count because the hospital put its own word first."""
    listed = {"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "refuted"}
    codings = [own, listed] if before else [listed, own]
    night = flat(tmp_path, Condition=[resource("Condition", verificationStatus={"coding": codings})])
    assert (night.row("condition")["verification"], night.nulled("condition", "verification")) == ("refuted", 0)


def test_where_no_word_is_on_the_list_the_first_is_kept_and_counted(tmp_path):
    codings = [{"display": "?"}, {"code": "RO"}, {"code": "??"}]
    night = flat(tmp_path, Condition=[resource("Condition", verificationStatus={"coding": codings})])
    assert (night.row("condition")["verification"], night.nulled("condition", "verification")) == ("RO", 1)


def test_of_several_the_first_that_is_there_is_taken(tmp_path):
    people = [
        resource("Patient", communication=[{"language": {"coding": [{"display": "Spanish"}, {"code": "es"}]}}]),
        resource("Patient", "2", communication=[{"language": {"coding": [{"code": "vi"}, {"code": "en"}]}}]),
    ]
    site = resource("Condition", bodySite=[{"coding": [{"display": "liver"}, {"code": "10200004"}]}])
    night = flat(tmp_path, Patient=people, Condition=[site])
    assert [row["language"] for row in night.rows("person")] == ["es", "vi"]
    assert night.row("condition")["body_site"] == "10200004"


def test_a_report_keeps_no_free_text(tmp_path):
    sent = resource("DiagnosticReport", conclusion="a secret", code=concept("76705"), text={"div": "a secret"})
    assert "a secret" not in str(flat(tmp_path, DiagnosticReport=[sent]).row("report"))


@pytest.mark.parametrize(
    ("requester", "there"),
    [({"reference": "Practitioner/1"}, True), ({"display": "Dr. No"}, False), (None, False)],
)
def test_an_order_has_a_requester_or_not(tmp_path, requester, there):
    sent = resource(
        "ServiceRequest", status="active", intent="order", subject=PATIENT, code=concept("76705"),
        authoredOn="2025-10-01T08:00:00Z", requester=requester, occurrencePeriod={"start": "2025-10", "end": "2025-12"},
    )  # fmt: skip
    row = flat(tmp_path, ServiceRequest=[sent]).row("service_request")
    assert picked(row, "status intent date_lo requester occurrence_lo occurrence_hi") == {
        "status": "active", "intent": "order", "date_lo": DAY, "requester": there, "occurrence_lo": DAY,
        "occurrence_hi": date(2025, 12, 31),
    }  # fmt: skip


def test_a_medication(tmp_path):
    coded = resource(
        "MedicationRequest", "1", intent="order", subject=PATIENT, medicationCodeableConcept=concept("4603")
    )
    pointed = resource("MedicationRequest", "2", medicationReference={"reference": "Medication/1"})
    first, second = flat(tmp_path, MedicationRequest=[coded, pointed]).rows("medication_request")
    assert picked(first, "person code intent") == {"person": "p", "code": "4603", "intent": "order"}
    assert picked(second, "person code intent") == {"person": None, "code": None, "intent": None}


def test_a_family_history_is_one_row_per_coding_of_each_condition(tmp_path):
    sent = resource(
        "FamilyMemberHistory",
        status="completed",
        patient=PATIENT,
        relationship=concept("FTH", "66839005"),
        condition=[{"code": concept("C22.0", "109841003")}, {"code": concept(text="gout")}],
    )
    rows = flat(tmp_path, FamilyMemberHistory=[sent]).rows("family_history")
    assert [(row["code"], row["display"]) for row in rows] == [("C22.0", None), ("109841003", None), (None, "gout")]
    assert picked(rows[2], "person status relationship relationship_codes") == {
        "person": "p", "status": "completed", "relationship": "FTH", "relationship_codes": ["FTH", "66839005"],
    }  # fmt: skip


def test_an_encounter(tmp_path):
    sent = resource(
        "Encounter", status="finished", subject=PATIENT, type=[concept("185349003")],
        period={"start": "2025-10-01T09:00:00Z", "end": "2025-10-02T09:00:00Z"},
        location=[{"status": "planned"}, *({"location": {"reference": f"Location/{one}"}} for one in "lm")],
        **{"class": {"code": "AMB"}},
    )  # fmt: skip
    row = flat(tmp_path, Encounter=[sent]).row("encounter")
    assert picked(row, "person code status class_code date_lo date_hi location") == {
        "person": "p", "code": "185349003", "status": "finished", "class_code": "AMB", "date_lo": DAY,
        "date_hi": date(2025, 10, 2), "location": "l",
    }  # fmt: skip


def test_a_coverage(tmp_path):
    sent = resource(
        "Coverage", status="active", beneficiary=PATIENT, type=concept("MCPOL"), period={"end": "2026-12-31"}
    )
    row = flat(tmp_path, Coverage=[sent]).row("coverage")
    assert picked(row, "person status code date_lo date_hi") == {
        "person": "p", "status": "active", "code": "MCPOL", "date_lo": None, "date_hi": date(2026, 12, 31),
    }  # fmt: skip


def test_a_consent(tmp_path):
    sent = resource(
        "Consent", status="active", patient=PATIENT, scope=concept("patient-privacy"),
        category=[concept("INFA", "59284-0"), concept("optout")], dateTime="2025-10-01T09:00:00Z",
        provision={"type": "deny", "period": {"start": "2025-10-01"}},
    )  # fmt: skip
    row = flat(tmp_path, Consent=[sent]).row("consent")
    assert picked(row, "person status scope category provision date_lo dated_lo") == {
        "person": "p", "status": "active", "scope": "patient-privacy", "category": ["INFA", "59284-0", "optout"],
        "provision": "deny", "date_lo": DAY, "dated_lo": DAY,
    }  # fmt: skip


def test_a_flag(tmp_path):
    sent = resource("Flag", status="active", subject=PATIENT, code=concept("do-not-contact"))
    row = flat(tmp_path, Flag=[sent]).row("flag")
    assert picked(row, "person status code") == {"person": "p", "status": "active", "code": "do-not-contact"}


# --- visits and slots


def test_an_appointment_has_a_person_a_place_and_an_hour(tmp_path):
    actors = ["Practitioner/d", "Location/l", "https://ehr.example/fhir/Patient/p"]
    sent = resource(
        "Appointment", status="booked", start="2026-03-10T09:00:00-05:00", end="2026-03-10T09:30:00-05:00",
        participant=[{"type": [concept("x")]}, *({"actor": {"reference": actor}} for actor in actors)],
        serviceType=[concept("448337001", system=SNOMED), concept("2")],
    )  # fmt: skip
    rows = flat(tmp_path, Appointment=[sent]).rows("appointment")
    assert [row["code"] for row in rows] == ["448337001", "2"]
    assert picked(rows[0], "person status location start end") == {
        "person": "p", "status": "booked", "location": "l",
        "start": datetime(2026, 3, 10, 14, tzinfo=UTC), "end": datetime(2026, 3, 10, 14, 30, tzinfo=UTC),
    }  # fmt: skip


@pytest.mark.parametrize("start", ["2026-03-10T09:00:00", "2026-03-10", "2026-03-10T09:00:00Q", "soon"])
def test_an_hour_without_a_zone_is_no_hour(tmp_path, start):
    """It could be off by half a day, and the slot beside the visit with it."""
    night = flat(tmp_path, Appointment=[resource("Appointment", start=start)])
    assert (night.row("appointment")["start"], night.nulled("appointment", "start")) == (None, 1)


def test_a_visit_of_several_people_is_each_ones_own(tmp_path):
    """A mother who brings her child is there that day as well."""
    named = ["Patient/c", "Practitioner/d", "Patient/m", "urn:uuid:x", "Patient/c/_history/2", "Location/l"]
    visit = resource(
        "Appointment", status="booked", serviceType=[concept("1"), concept("2")], start="soon",
        participant=[{"actor": {"reference": actor}} for actor in named],
    )  # fmt: skip
    after = resource("Appointment", "2", participant=[{"actor": {"reference": "Patient/z"}}])
    night = flat(tmp_path, Appointment=[visit, after])
    assert [(r["id"], r["nth"], r["person"], r["code"], r["location"]) for r in night.rows("appointment")] == [
        ("1", 1, "c", "1", "l"), ("1", 2, "c", "2", "l"), ("1", 3, "m", "1", "l"), ("1", 4, "m", "2", "l"),
        ("2", 1, "z", None, None),
    ]  # fmt: skip
    assert night.report.resources["Appointment"] == 2
    assert [lost["column"] for row in night.rows("appointment") for lost in row["lost"] or ()] == ["start"] * 4


def test_of_two_versions_of_a_visit_the_later_one_says_who_comes(tmp_path):
    def version(number: int, *people: str) -> dict[str, object]:
        actors = [{"actor": {"reference": f"Patient/{person}"}} for person in people]
        return resource("Appointment", participant=actors, meta={"versionId": str(number)})

    night = flat(tmp_path, Appointment=[version(1, "a", "b", "c"), version(3, "b", "d"), version(2, "a")])
    assert [(row["nth"], row["person"]) for row in night.rows("appointment")] == [(1, "b"), (2, "d")]


def test_an_appointment_without_patient_or_place(tmp_path):
    row = flat(tmp_path, Appointment=[resource("Appointment", status="proposed", participant=[])]).row("appointment")
    assert picked(row, "person location start code") == dict.fromkeys(("person", "location", "start", "code"))


def test_a_schedule_and_its_slot_and_its_place(tmp_path):
    schedule = resource(
        "Schedule", "s", active=True, serviceType=[concept("us")],
        actor=[{"reference": "Device/d"}, {"reference": "Location/l"}],
    )  # fmt: skip
    slot = resource(
        "Slot", "t", meta={"versionId": "7"}, schedule={"reference": "Schedule/s"}, status="free",
        start="2026-03-10T14:00:00Z", end="2026-03-10T14:30:00Z",
    )  # fmt: skip
    night = flat(
        tmp_path, Schedule=[schedule], Slot=[slot], Location=[resource("Location", "l", name="North", status="active")]
    )
    assert picked(night.row("schedule"), "active location code") == {"active": True, "location": "l", "code": "us"}
    assert picked(night.row("slot"), "version schedule status start") == {
        "version": "7", "schedule": "s", "status": "free", "start": datetime(2026, 3, 10, 14, tzinfo=UTC),
    }  # fmt: skip
    assert picked(night.row("location"), "id name status") == {"id": "l", "name": "North", "status": "active"}
