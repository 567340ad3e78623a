"""Age, sex, birthplace, race, ethnicity and language, and what is told of them only in part."""

from __future__ import annotations

import pytest

from plain.attributes import deceased, opted_out
from plain.people import people

CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"


@pytest.mark.parametrize(
    ("asked", "born", "answer"),
    [
        ("from: 18", "2008-03-01", "T"),
        ("from: 18", "2008-03-02", "F"),
        ("from: 18", "2008-02-29", "T"),
        ("from: 18", "2008", "U"),
        ("from: 18", "2007", "T"),
        ("from: 18", "", "U"),
        ("to: 17", "2008-03-02", "T"),
        ("to: 17", "2008-03-01", "F"),
        ("to: 17", "2008-03", "U"),
        ("from: 17, at_start_of: year", "2008-03-02", "T"),
        ("from: 17, at_start_of: year", "2008-03-03", "F"),
        ("from: 50, to: 74", "1951-03-02", "T"),
        ("from: 50, to: 74", "1951-03-01", "F"),
    ],
)
def test_age(ask, asked, born, answer):
    assert ask(f"age: {{{asked}}}", birthDate=born).truth == answer


def test_sex_is_known_or_it_is_not(ask):
    assert [ask("sex: female", gender=sex).truth for sex in ("female", "male", "other", None)] == ["T", "F", "U", "U"]


@pytest.mark.parametrize(
    ("told", "gender", "answer"), [("F", "male", "T"), ("M", "female", "F"), ("UNK", "female", "T"), ("", "", "U")]
)
def test_sex_at_birth_and_what_stands_in_for_it(ask, told, gender, answer):
    extension = [{"url": CORE + "birthsex", "valueCode": told}]
    asked = "sex-at-birth: {is: female, or_sex: true}"
    assert ask(asked, gender=gender, extension=extension).truth == answer
    alone = ask("sex-at-birth: female", gender=gender, extension=extension).truth
    assert alone == ("U" if told not in ("F", "M") else answer)


@pytest.mark.parametrize(
    ("place", "answer"), [("VN", "T"), ("viet nam", "T"), (" GHA", "T"), ("Ireland", "F"), ("Atlantis", "U"), ("", "U")]
)
def test_birthplace_on_a_list_of_countries(ask, place, answer):
    url = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
    told = [{"url": url, "valueAddress": {"country": place}}]
    assert ask("born-in: land-a", extension=told).truth == answer


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        (["race-a-1"], "T"),
        (["other", "race-a-2"], "T"),
        (["other"], "F"),
        (["OTH"], "F"),
        (["UNK"], "U"),
        (["ASKU", "UNK"], "U"),
        ([], "U"),
    ],
)
def test_race_as_told(ask, told, answer):
    urls = ["detailed" if code == "race-a-2" else "ombCategory" for code in told]
    parts = [{"url": url, "valueCoding": {"code": code}} for url, code in zip(urls, told, strict=True)]
    assert ask("race: race-a", extension=[{"url": CORE + "race", "extension": parts}]).truth == answer


def _speaks(code: str, **mark: bool) -> dict[str, object]:
    return {"language": {"coding": [{"code": code}]}, **mark}


@pytest.mark.parametrize(
    ("spoken", "answer"),
    [
        ([_speaks("es-MX")], "T"),
        ([_speaks("en"), _speaks("es", preferred=True)], "T"),
        ([_speaks("es"), _speaks("en", preferred=True)], "F"),
        ([_speaks("es"), _speaks("en")], "U"),
        ([], "U"),
    ],
)
def test_the_preferred_language(ask, spoken, answer):
    assert ask("language: [es, vi]", communication=spoken).truth == answer


def _merged(id_: str, onto: str) -> dict[str, object]:
    link = {"type": "replaced-by", "other": {"reference": f"Patient/{onto}"}}
    return {"resourceType": "Patient", "id": id_, "link": [link]}


def test_merged_records_are_the_survivors():
    survivor = {"resourceType": "Patient", "id": "c"}
    told = {"resourceType": "Condition", "id": "1", "subject": {"reference": "https://ehr.example.org/Patient/a"}}
    found = {p.id: p for p in people([_merged("a", "b"), _merged("b", "c"), survivor, told])}
    assert {id_: p.standing for id_, p in found.items()} == {"a": "merged", "b": "merged", "c": "own"}
    assert [len(found[id_].records) for id_ in "abc"] == [0, 0, 1]


def test_a_link_that_leads_nowhere_or_in_a_circle_leaves_a_person():
    found = people([_merged("a", "gone"), _merged("b", "c"), _merged("c", "b")])
    assert [person.standing for person in found] == ["adrift"] * 3


@pytest.mark.parametrize("other", [None, {"identifier": {"value": "7"}}, {"reference": "urn:uuid:7"}])
def test_a_merge_that_names_no_record_leaves_a_person_and_whoever_was_merged_into_them(other):
    found = people([_merged("a", "b"), {**_merged("b", ""), "link": [{"type": "replaced-by", "other": other}]}])
    assert [person.standing for person in found] == ["adrift"] * 2


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ({}, False),
        ({"deceasedBoolean": False}, False),
        ({"deceasedBoolean": True}, True),
        ({"deceasedDateTime": "2020"}, True),
    ],
)
def test_a_death_told_on_a_merged_record_counts(said, dead):
    found = people([{**_merged("a", "b"), **said}, {"resourceType": "Patient", "id": "b"}])
    assert [deceased(person) for person in found if person.id == "b"] == [dead]


@pytest.mark.parametrize(
    ("said", "refuses"),
    [
        ({"provision": {"type": "deny"}}, True),
        ({"provision": {"type": "permit"}}, False),
        ({"policyRule": {"coding": [{"code": "OPTOUT"}]}}, True),
        ({"provision": {"type": "deny"}, "scope": {"coding": [{"code": "research"}]}}, False),
        ({"provision": {"type": "deny"}, "status": "inactive"}, False),
    ],
)
def test_a_refusal(said, refuses):
    consent = {"resourceType": "Consent", "id": "1", "status": "active", "patient": {"reference": "Patient/a"}, **said}
    assert opted_out(people([{"resourceType": "Patient", "id": "a"}, consent])[0]) is refuses
