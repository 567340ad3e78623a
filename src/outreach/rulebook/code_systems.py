"""Whether a text can be the address of a code system. One letter off a known one is a slip: nothing would match it.

Source: https://hl7.org/fhir/R4/terminologies-systems.html
"""

from __future__ import annotations

import re

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
#: What people write for a system, and its address in FHIR.
_NAMES = {
    "loinc": LOINC,
    "snomed": SNOMED,
    "sct": SNOMED,
    "snomedct": SNOMED,
    "icd9cm": "http://hl7.org/fhir/sid/icd-9-cm",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "icd10pcs": "http://www.cms.gov/Medicare/Coding/ICD10",
    "hcpcs": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "ndc": "http://hl7.org/fhir/sid/ndc",
    "atc": "http://www.whocc.no/atc",
    "cpt": "http://www.ama-assn.org/go/cpt",
    "cvx": "http://hl7.org/fhir/sid/cvx",
    "ucum": "http://unitsofmeasure.org",
}
_KNOWN = frozenset(_NAMES.values())
_ADDRESS = re.compile(r"(https?://[^\s/?#]+|urn:[A-Za-z0-9][A-Za-z0-9-]+)([/:?#][\x21-\x7e]*)?")
#: Whose every other address is a mistake: a version, a page about a code.
_ONE_SYSTEM = {"loinc.org": LOINC, "snomed.info": SNOMED, "unitsofmeasure.org": _NAMES["ucum"]}
_NEAR = 2  #: letters wrong, missing or too many


def misread_system(system: str) -> str:
    """What to write instead of a text that is no address of a code system; "" where nothing speaks against it."""
    if system in _KNOWN:
        return ""
    meant = _NAMES.get(re.sub(r"[^a-z0-9]", "", system.lower()))
    if meant is None and not _ADDRESS.fullmatch(system):
        return "Write its address in FHIR, like http://loinc.org or urn:oid:…"
    if meant is None and system.startswith("http"):
        meant = _meant(_bare(system))
    return f"Did you mean {meant}?" if meant else ""


def _meant(bare: str) -> str | None:
    """The known system that an address is a slip of."""
    host = re.split("[/?#]", bare)[0]
    near = min(_KNOWN, key=lambda known: (_distance(bare, _bare(known)), known))
    close = _distance(bare, _bare(near)) <= _NEAR and host != "terminology.hl7.org"
    return near if close else _ONE_SYSTEM.get(host)


def _bare(system: str) -> str:
    """An address without what says the same either way."""
    return re.sub(r"^https?://(www\.)?|/+$", "", system.lower())


def _distance(one: str, other: str) -> int:
    """Levenshtein's: how many letters to change, add or take away."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        above, row[0] = row[0], place
        for n, wanted in enumerate(other, 1):
            above, row[n] = row[n], min(row[n] + 1, row[n - 1] + 1, above + (letter != wanted))
    return row[-1]
