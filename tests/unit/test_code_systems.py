"""A slip in the address of a code system is refused with what was meant; a genuine local system passes."""

from __future__ import annotations

import pytest

from outreach.rulebook.code_systems import misread_system

LOINC, SNOMED, ICD = "http://loinc.org", "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http://hl7.org/fhir/sid/icd10cm", ICD),
        ("http://hl7.org/fhir/sid/icd-10-cm/", ICD),
        ("http://hl7.org/fhir/sid/ICD-10-CM", ICD),
        ("icd-10-cm", ICD),
        ("http://loinc.og", LOINC),
        ("http://loinc.org/", LOINC),
        ("http://www.loinc.org", LOINC),
        ("https://loinc.org", LOINC),
        ("http://lionc.org", LOINC),
        ("http://loinc.org/1834-1", LOINC),
        ("http://snomed.info/sct/731000124108", SNOMED),
        ("http://snomed.info", SNOMED),
        ("http://snowmed.info/sct", SNOMED),
        ("SNOMED CT", SNOMED),
        ("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets/", "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"),
        ("http://www.nlm.nih.gov/research/umls/rxnrom", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_what_was_meant(written, meant):
    assert misread_system(written) == f"Did you mean {meant}?"


@pytest.mark.parametrize("written", ["our list", "loinc codes of ours", "urn:", "http://", "ftp://example.org/codes"])
def test_what_is_no_address_at_all_is_told_how_one_looks(written):
    assert misread_system(written).startswith("Write its address in FHIR")


@pytest.mark.parametrize(
    "written",
    [
        *(LOINC, SNOMED, ICD, "http://hl7.org/fhir/sid/icd-9-cm", "http://hl7.org/fhir/sid/icd-10"),
        *("http://hl7.org/fhir/sid/cvx", "http://hl7.org/fhir/administrative-gender"),
        *("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "http://terminology.hl7.org/CodeSystem/v3-ActCode"),
        *("urn:example", "urn:example:codes", "urn:oid:2.16.840.1.113883.6.238", "urn:iso:std:iso:3166"),
        *("urn:iso:std:iso:3166:-2", "urn:outreach:own-choice", "urn:oid:1.2.36.1.2001.1001"),
        *("https://hospital.example/codes", "https://hospital.example/fhir/CodeSystem/lab/", "http://loinc.example"),
        *("https://fhir.nhs.uk/CodeSystem/local", "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"),
    ],
)
def test_a_genuine_system_passes(written):
    assert misread_system(written) == ""
