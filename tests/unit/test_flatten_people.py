"""A Patient as one row: what is known, what is withheld, and what is only said in part."""

from __future__ import annotations

from datetime import date

import pytest

from unit.test_flatten_support import flat, resource

CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
OMB, NULL_FLAVOR = "urn:oid:2.16.840.1.113883.6.238", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"


@pytest.fixture
def person(tmp_path):
    """A Patient with the given elements, as its row."""
    return lambda **fields: flat(tmp_path, Patient=[resource("Patient", **fields)]).row("person")


def omb(which: str, *codes: str, text: str = "as told", system: str = OMB) -> dict:
    parts = [{"url": "ombCategory", "valueCoding": {"system": system, "code": code}} for code in codes]
    detail = {"url": "detailed", "valueCoding": {"system": OMB, "code": "2034-7"}}
    return {"url": CORE + which, "extension": [detail, *parts, {"url": "text", "valueString": text}]}


def test_a_bare_patient_is_a_row_of_unknowns(person):
    row = person()
    known = {"id", "file", "nth"}
    assert row["id"] == "1"
    assert all(value is None for column, value in row.items() if column not in known)


def test_version_and_last_updated_in_utc(person):
    row = person(meta={"versionId": "3", "lastUpdated": "2026-02-28T23:30:00.250-05:00"})
    assert (row["version"], row["last_updated"].isoformat()) == ("3", "2026-03-01T04:30:00.250000")


@pytest.mark.parametrize(
    ("sent", "lo", "hi", "precision"),
    [
        ("1980-02-29", date(1980, 2, 29), date(1980, 2, 29), "day"),
        ("1980-02", date(1980, 2, 1), date(1980, 2, 29), "month"),
        ("1980", date(1980, 1, 1), date(1980, 12, 31), "year"),
        ("1980-02-30", None, None, None),
        ("unknown", None, None, None),
    ],
)
def test_a_birth_date_is_an_interval(person, sent, lo, hi, precision):
    row = person(birthDate=sent)
    assert (row["birth_lo"], row["birth_hi"], row["birth_precision"], row["birth_raw"]) == (lo, hi, precision, sent)


@pytest.mark.parametrize(
    ("sent", "dead", "lo", "hi"),
    [
        ({}, None, None, None),
        ({"deceasedBoolean": False}, False, None, None),
        ({"deceasedBoolean": True}, True, None, None),
        ({"deceasedDateTime": "2025-03-04T10:00:00Z"}, True, date(2025, 3, 4), date(2025, 3, 4)),
        ({"deceasedDateTime": "2025"}, True, date(2025, 1, 1), date(2025, 12, 31)),
        ({"deceasedDateTime": "before Easter"}, True, None, None),
        ({"deceasedBoolean": False, "deceasedDateTime": "2025-03-04"}, True, date(2025, 3, 4), date(2025, 3, 4)),
        ({"deceasedBoolean": "perhaps"}, None, None, None),
    ],
)
def test_any_date_of_death_is_a_death(person, sent, dead, lo, hi):
    """https://hl7.org/fhir/R4/patient-definitions.html#Patient.deceased_x_"""
    row = person(**sent)
    assert (row["deceased"], row["deceased_lo"], row["deceased_hi"]) == (dead, lo, hi)


def test_several_races_are_all_kept(person):
    row = person(extension=[omb("us-core-race", "2106-3", "2028-9", text="Mixed"), omb("us-core-ethnicity", "2135-2")])
    assert (row["race"], row["race_text"]) == (["2106-3", "2028-9"], "Mixed")
    assert (row["ethnicity"], row["ethnicity_text"]) == ("2135-2", "as told")


def test_asked_but_unknown_is_kept_apart_from_missing(person):
    row = person(extension=[omb("us-core-race", "ASKU", system=NULL_FLAVOR), omb("us-core-ethnicity", text="Unknown")])
    assert (row["race"], row["ethnicity"], row["ethnicity_text"]) == (["ASKU"], None, "Unknown")


def test_race_in_words_alone_has_no_code(person):
    row = person(extension=[omb("us-core-race", text="Other")])
    assert (row["race"], row["race_text"]) == ([], "Other")


def test_birth_sex_and_birthplace(person):
    birthplace = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
    row = person(
        gender="female",
        extension=[
            {"url": CORE + "us-core-birthsex", "valueCode": "M"},
            {"url": birthplace, "valueAddress": {"city": "Huế", "country": "VN"}},
        ],
    )
    assert (row["sex"], row["birth_sex"], row["birth_country"]) == ("female", "M", "VN")


@pytest.mark.parametrize(
    ("code", "wanted"), [("373066001", True), ("373067005", False), ("261665006", None), (None, None)]
)
def test_an_interpreter_is_needed_or_not_or_unknown(person, code, wanted):
    coding = {"system": "http://snomed.info/sct", "code": code} if code else {}
    url = CORE + "us-core-interpreter-needed"
    assert person(extension=[{"url": url, "valueCoding": coding}])["interpreter"] is wanted


def speaks(code: str | None, preferred: bool | None = None) -> dict:
    language = {"coding": [{"system": "urn:ietf:bcp:47", "code": code}]} if code else {"text": "Spanish"}
    return {"language": language} | ({} if preferred is None else {"preferred": preferred})


@pytest.mark.parametrize(
    ("communication", "language"),
    [
        ([], None),
        ([speaks("es")], "es"),
        ([speaks("es", False)], "es"),
        ([speaks("en"), speaks("es", True)], "es"),
        ([speaks("en"), speaks("es")], None),
        ([speaks("en", False), speaks("es", False)], None),
        ([speaks(None, True), speaks("en")], None),
    ],
)
def test_the_language_is_the_preferred_one_or_the_only_one(person, communication, language):
    assert person(communication=communication)["language"] == language


def test_a_merged_patient_names_its_survivor(person):
    links = [
        {"type": "seealso", "other": {"reference": "Patient/7"}},
        {"type": "replaced-by", "other": {"reference": "https://ehr.example/fhir/Patient/9/_history/2"}},
    ]
    row = person(active=False, link=links)
    assert (row["active"], row["replaced_by"], row["link_types"]) == (False, "9", ["seealso", "replaced-by"])


@pytest.mark.parametrize(
    ("link", "raw"),
    [
        ({"other": {"identifier": {"system": "urn:mrn", "value": "9"}, "display": "the other record"}}, ""),
        ({"other": {"reference": "urn:uuid:9"}}, "urn:uuid:9"),
        ({"other": {"reference": "#9"}}, "#9"),
        ({}, ""),
    ],
)
def test_a_merge_that_names_no_record_of_the_server_is_counted(person, link, raw):
    row = person(link=[{"type": "seealso", "other": {"reference": "Patient/7"}}, {"type": "replaced-by", **link}])
    assert (row["replaced_by"], row["lost"]) == (None, [{"column": "replaced_by", "raw": raw}])


def test_other_links_replace_nobody(person):
    row = person(link=[{"type": "replaces", "other": {"reference": "Patient/7"}}])
    assert (row["replaced_by"], row["link_types"], row["lost"]) == (None, ["replaces"], None)


def test_identifier_systems_say_who_has_an_account(person):
    row = person(identifier=[{"system": "urn:mrn", "value": "1"}, {"value": "2"}, {"system": "urn:portal"}])
    assert row["identifier_systems"] == ["urn:mrn", "urn:portal"]


@pytest.mark.parametrize("which", ["race", "ethnicity"])
def test_detailed_codes_stand_apart_from_the_broad_ones(person, which):
    detail = [{"url": "detailed", "valueCoding": {"system": OMB, "code": code}} for code in ("2036-2", "2037-0")]
    row = person(
        extension=[{"url": f"{CORE}us-core-{which}", "extension": [*detail, omb("x", "2028-9")["extension"][1]]}]
    )
    assert row[f"{which}_detailed"] == ["2036-2", "2037-0"]
    assert row[which] == (["2028-9"] if which == "race" else "2028-9")
