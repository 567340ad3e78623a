"""The answers people gave at registration, as FHIR fragments: race, ethnicity, sex, birthplace, language."""

from __future__ import annotations

from outreach.synth.codes import SNOMED
from outreach.synth.template import compact

US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
OMB = "urn:oid:2.16.840.1.113883.6.238"
NULL_FLAVOR = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"

_OMB = {
    "white": ("2106-3", "White"),
    "black": ("2054-5", "Black or African American"),
    "asian": ("2028-9", "Asian"),
    "native": ("1002-5", "American Indian or Alaska Native"),
    "pacific": ("2076-8", "Native Hawaiian or Other Pacific Islander"),
}
_DETAILED = {
    "chinese": ("asian", "2034-7", "Chinese"),
    "vietnamese": ("asian", "2047-7", "Vietnamese"),
    "korean": ("asian", "2040-2", "Korean"),
    "haitian": ("black", "2071-9", "Haitian"),
    "african": ("black", "2060-2", "African"),
}
_NULLS = {"declined": ("ASKU", "asked but unknown", "Declined"), "unknown": ("UNK", "unknown", "Unknown")}


def _part(url: str, system: str, code: str, display: str) -> dict[str, object]:
    return {"url": url, "valueCoding": {"system": system, "code": code, "display": display}}


def _categories(answer: str) -> list[dict[str, object]]:
    if answer in _NULLS:
        code, display, _ = _NULLS[answer]
        return [_part("ombCategory", NULL_FLAVOR, code, display)]
    if answer == "other":
        return [_part("ombCategory", NULL_FLAVOR, "UNK", "unknown")]
    if answer in _DETAILED:
        parent, code, display = _DETAILED[answer]
        return [_part("ombCategory", OMB, *_OMB[parent]), _part("detailed", OMB, code, display)]
    return [_part("ombCategory", OMB, *_OMB[one]) for one in answer.split("+") if one in _OMB]


def _race_text(answer: str) -> str:
    if answer in _NULLS:
        return _NULLS[answer][2]
    if answer in _DETAILED:
        return _DETAILED[answer][2]
    return {"text": "As the family says", "other": "Other"}.get(answer) or " and ".join(
        _OMB[one][1] for one in answer.split("+")
    )


def _race(answer: str) -> str:
    parts = [*_categories(answer), {"url": "text", "valueString": _race_text(answer)}]
    return compact({"url": US_CORE + "us-core-race", "extension": parts})


_ANSWERS = (*_OMB, *_DETAILED, *_NULLS, "text", "other", "white+native", "black+white", "asian+white")

#: JSON of the us-core-race extension by answer; "" (nobody asked) has none.
RACE = {answer: _race(answer) for answer in _ANSWERS}


def _ethnicity(system: str, code: str, display: str, text: str) -> str:
    parts = [_part("ombCategory", system, code, display), {"url": "text", "valueString": text}]
    return compact({"url": US_CORE + "us-core-ethnicity", "extension": parts})


#: JSON of the us-core-ethnicity extension.
ETHNICITY = {
    "hispanic": _ethnicity(OMB, "2135-2", "Hispanic or Latino", "Hispanic or Latino"),
    "not-hispanic": _ethnicity(OMB, "2186-5", "Not Hispanic or Latino", "Not Hispanic or Latino"),
    "declined": _ethnicity(NULL_FLAVOR, "ASKU", "asked but unknown", "Declined"),
    "unknown": _ethnicity(NULL_FLAVOR, "UNK", "unknown", "Unknown"),
    "text": compact(
        {"url": US_CORE + "us-core-ethnicity", "extension": [{"url": "text", "valueString": "As the family says"}]}
    ),
}
BIRTH_SEX = {code: compact({"url": US_CORE + "us-core-birthsex", "valueCode": code}) for code in ("F", "M", "UNK")}
INTERPRETER = {
    needed: compact(
        {
            "url": US_CORE + "us-core-interpreter-needed",
            "valueCoding": {"system": SNOMED, "code": code, "display": display},
        }
    )
    for needed, code, display in ((True, "373066001", "Yes"), (False, "373067005", "No"))
}

_LANGUAGES = {
    "en": "English", "es": "Spanish", "zh": "Chinese", "vi": "Vietnamese", "ko": "Korean", "ht": "Haitian Creole",
    "ar": "Arabic", "fr": "French", "en-US": "English (United States)",
}  # fmt: skip


def birthplace(country: str) -> str:
    """JSON of the patient-birthPlace extension."""
    return compact(
        {
            "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
            "valueAddress": {"country": country},
        }
    )


def communication(code: str, preferred: bool | None) -> str:
    """JSON of one Patient.communication; ``preferred`` None leaves the flag out."""
    coding = {"system": "urn:ietf:bcp:47", "code": code, "display": _LANGUAGES[code]}
    language = {"coding": [coding], "text": _LANGUAGES[code]}
    return compact({"language": language} | ({} if preferred is None else {"preferred": preferred}))
