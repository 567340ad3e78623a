"""Ids made unique per case: whatever pointed at a resource of the case still does."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.verify.landing import own
from outreach.verify.resources import Found

URN = "urn:uuid:5f0c7c62-1c8e-4d0e-9f5b-2f3f6d0a7a11"


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("Patient/p", "Patient/case1-p"),
        ("https://ehr.example/fhir/Patient/p", "Patient/case1-p"),
        ("Patient/p/_history/2", "Patient/case1-p"),
        (URN, "Patient/case1-p"),
        ("Patient/other", "Patient/other"),
        ("Practitioner/p", "Practitioner/p"),
        ("#p", "#p"),
        ("urn:uuid:another", "urn:uuid:another"),
        ("Patient?identifier=urn:mrn|p", "Patient?identifier=urn:mrn|p"),
    ],
)
def test_a_reference_keeps_its_target(written, wanted):
    person = Found(Path("a.json"), {"resourceType": "Patient", "id": "p"}, URN)
    deep = {"participant": [{"actor": {"reference": written, "display": "p"}}]}
    visit = Found(Path("a.json"), {"resourceType": "Appointment", "id": "v", **deep})
    assert own([person, visit], "case1-") == [
        {"resourceType": "Patient", "id": "case1-p"},
        {
            "resourceType": "Appointment",
            "id": "case1-v",
            "participant": [{"actor": {"reference": wanted, "display": "p"}}],
        },
    ]


def test_a_resource_of_a_bundle_without_an_id_takes_that_of_its_address():
    (person,) = own([Found(Path("a.json"), {"resourceType": "Patient"}, URN)], "case1-")
    assert person["id"] == "case1-5f0c7c62-1c8e-4d0e-9f5b-2f3f6d0a7a11"
