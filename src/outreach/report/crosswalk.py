"""From codes as sent to the names a report prints. The crosswalk ``omb-1997``.

Race and ethnicity are five and two categories, kept apart, as US Core sends them. Declined, unknown,
sent but not mapped, and not recorded are four different answers and keep four names.

Sources: http://hl7.org/fhir/us/core/ValueSet/omb-race-category,
http://hl7.org/fhir/us/core/ValueSet/omb-ethnicity-category,
http://terminology.hl7.org/CodeSystem/v3-NullFlavor, https://cldr.unicode.org (language names, through babel).
"""

from __future__ import annotations

from babel import Locale
from babel.core import get_global

CROSSWALK = "omb-1997"
NOT_RECORDED = "Not recorded"
NOT_MAPPED = "Not mapped"
UNKNOWN = "Unknown"

RACE = {
    "1002-5": "American Indian or Alaska Native",
    "2028-9": "Asian",
    "2054-5": "Black or African American",
    "2076-8": "Native Hawaiian or Other Pacific Islander",
    "2106-3": "White",
}
ETHNICITY = {"2135-2": "Hispanic or Latino", "2186-5": "Not Hispanic or Latino"}
SEX = {"female": "Female", "male": "Male", "other": "Other", "unknown": UNKNOWN}

_NAMES = Locale("en").languages
_ALIASES = get_global("language_aliases")


def language_name(code: str | None) -> str:
    """The English name of a BCP 47 tag's primary language: ``es-MX`` and ``spa`` are Spanish.

    A tag that names no known language is "Not mapped", never echoed: a free text may sit there.
    """
    if code is None or not code.strip():
        return NOT_RECORDED
    primary = code.strip().replace("_", "-").split("-")[0].lower()
    if primary == "und":
        return UNKNOWN
    return str(_NAMES.get(_ALIASES.get(primary, primary), NOT_MAPPED))
