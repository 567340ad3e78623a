"""Whether a code can be one of its system's at all: a slip of the pen is found here, and not by an empty night."""

from __future__ import annotations

import re

from stdnum import luhn, verhoeff

from outreach.rulebook.code_systems import LOINC, SNOMED

_CODE = re.compile(r"[\x21-\x7e]+( [\x21-\x7e]+)*")  # https://hl7.org/fhir/R4/datatypes.html#code
_NOT_IN_CODES = "\"'`<>{}"


def odd_code(system: str, code: str) -> str | None:
    """Why a code cannot be one of its system's; None where nothing speaks against it.

    LOINC's last digit is a Luhn digit (LOINC Users' Guide, "LOINC check digit"), SNOMED CT's a Verhoeff digit
    (SNOMED CT Release File Specification, "Check-digit").
    """
    if not _CODE.fullmatch(code) or any(each in code for each in _NOT_IN_CODES):
        return "it holds a character that no code has"
    if system == LOINC and re.fullmatch(r"\d+-\d", code) and not luhn.is_valid(code.replace("-", "")):
        return "its last digit does not fit the others"
    if system == LOINC and not re.fullmatch(r"(L[AGLNP])?\d+-\d", code):
        return "a LOINC code is digits, a hyphen and a digit"
    if system == SNOMED and not (re.fullmatch(r"\d{6,18}", code) and verhoeff.is_valid(code)):
        return "its last digit does not fit the others"
    return None
