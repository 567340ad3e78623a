"""What resources say, in the forms that servers say it."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.errors import ServerFault
from outreach.fhir import dialect
from outreach.fhir.paging import matches


@pytest.mark.parametrize(
    ("reference", "id_"),
    [
        ({"reference": "Patient/123"}, "123"),
        ("Patient/123", "123"),
        ({"reference": "https://host/fhir/Patient/123"}, "123"),
        ({"reference": "https://host/fhir/Patient/123/_history/4"}, "123"),
        ({"reference": "Practitioner/123"}, None),
        ({"reference": "RelatedPatient/123"}, None),
        ({"reference": "Patient/"}, None),
        ({"reference": "urn:uuid:0d9a"}, None),
        ({"reference": "#p"}, None),
        ({"reference": "Patient?identifier=x|1"}, None),
        ({"display": "Somebody"}, None),
        ({"reference": 7}, None),
        (None, None),
    ],
)
def test_a_reference_names_one_id_of_one_type(reference: object, id_: str | None) -> None:
    assert dialect.reference_id(reference, "Patient") == id_


@pytest.mark.parametrize(
    ("patient", "deceased"),
    [
        ({}, False),
        ({"deceasedBoolean": False}, False),
        ({"deceasedBoolean": True}, True),
        ({"deceasedBoolean": "true"}, True),
        ({"deceasedDateTime": "2020"}, True),
        ({"deceasedDateTime": "not a date"}, True),
        ({"deceasedDateTime": None}, True),
        ({"_deceasedDateTime": {"extension": []}}, True),
        ({"deceasedBoolean": False, "deceasedDateTime": "2020-01-01"}, True),
    ],
)
def test_any_word_of_a_death_is_a_death(patient: dict[str, Any], deceased: bool) -> None:
    assert dialect.is_deceased(patient) is deceased


@pytest.mark.parametrize(
    ("patient", "survivor"),
    [
        ({}, None),
        ({"link": [{"type": "replaces", "other": {"reference": "Patient/2"}}]}, None),
        ({"link": [{"type": "replaced-by", "other": {"reference": "Patient/2"}}]}, "2"),
        ({"link": [{"type": "replaced-by", "other": {"display": "?"}}]}, ""),
        ({"link": [{"type": "seealso", "other": {"reference": "Patient/3"}}, {"type": "replaced-by"}]}, ""),
    ],
)
def test_a_merged_record_names_the_survivor_or_says_that_it_does_not(
    patient: dict[str, Any], survivor: str | None
) -> None:
    assert dialect.replaced_by(patient) == survivor


def consent(**changes: Any) -> dict[str, Any]:
    return {"status": "active", "provision": {"type": "deny"}} | changes


@pytest.mark.parametrize(
    ("consents", "out"),
    [
        ([], False),
        ([consent()], True),
        ([consent(scope={"coding": [{"code": "patient-privacy"}]})], True),
        ([consent(scope={"coding": [{"code": "research"}]})], False),
        ([consent(scope={"coding": [{"code": "adr"}]})], False),
        ([consent(status="inactive")], False),
        ([consent(provision={"type": "permit"})], False),
        ([consent(provision={"type": "permit"}), consent()], True),
        ([consent(provision="broken")], False),
    ],
)
def test_an_active_refusal_counts_unless_it_is_of_research(consents: list[dict[str, Any]], out: bool) -> None:
    assert dialect.opted_out(consents) is out


def test_a_version_is_the_header_or_the_version_id_or_nothing() -> None:
    resource = {"meta": {"versionId": "7"}}
    assert dialect.etag_of(resource, {"ETag": 'W/"8"'}) == 'W/"8"'
    assert dialect.etag_of(resource, {}) == 'W/"7"'
    assert dialect.etag_of({}, {}) == ""


def test_a_token_escapes_what_would_split_it() -> None:
    assert dialect.token("urn:x", "a,b|c$d\\e") == "urn:x|a\\,b\\|c\\$d\\\\e"


@pytest.mark.parametrize(
    "entries", [{}, "x", 7, [None], ["x"], [{}], [{"resource": "x"}], [{"resource": {"resourceType": "Patient"}}]]
)
def test_a_page_of_any_other_shape_is_refused(entries: object) -> None:
    """A row that cannot be read must not be a row fewer."""
    with pytest.raises(ServerFault):
        list(matches({"entry": entries}, "Patient", "search of Patient"))
