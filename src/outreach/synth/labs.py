"""Laboratory results in the units laboratories really use, and the results that give no number."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from outreach.synth import codes
from outreach.synth.codes import UCUM
from outreach.synth.facts import Lab
from outreach.synth.moments import happened
from outreach.synth.template import compact

#: (unit as shown, UCUM code or "" when the laboratory sends words only, how to write a count of 10*9/L)
_COUNTS = (("10*3/uL", "10*3/uL", 1), ("10*9/L", "10*9/L", 1), ("/uL", "/uL", 1000), ("K/uL", "", 1))


def quantity(value: str, shown: str, ucum: str = "", comparator: str = "") -> str:
    """A valueQuantity member."""
    coded = f',"system":"{UCUM}","code":"{ucum}"' if ucum else ""
    compared = f'"comparator":"{comparator}",' if comparator else ""
    return f'"valueQuantity":{{"value":{value},{compared}"unit":"{shown}"{coded}}},'


def no_number(draw: random.Random, words: str) -> str:
    """A result without a number: a reason for its absence, or words."""
    if draw.random() < 0.5:
        reason = {"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "error"}
        return f'"dataAbsentReason":{compact({"coding": [reason]})},'
    return f'"valueString":"{words}",'


def counting(draw: random.Random) -> str:
    """A status that counts."""
    return draw.choices(("final", "amended", "corrected"), (0.85, 0.08, 0.07))[0]


def not_counting(draw: random.Random, among: Sequence[str] = ("preliminary", "entered-in-error", "cancelled")) -> str:
    """A status that never counts."""
    return draw.choice(list(among))


def platelets(draw: random.Random, count: int, day: date, status: str = "", unit: int | None = None) -> Lab:
    """A platelet count, given in 10*9/L, written in some unit (``unit`` indexes the four in use)."""
    shown, ucum, factor = _COUNTS[draw.randrange(4) if unit is None else unit]
    value = quantity(str(count * factor), shown, ucum)
    return Lab(draw.choice(codes.PLATELETS), value, happened(draw, day), status or counting(draw))


def platelets_without_number(draw: random.Random, day: date) -> Lab:
    """A platelet count that no score can use: below a limit, absent, in words, or per high-power field."""
    value = draw.choice(
        [
            quantity("150", "10*3/uL", "10*3/uL", comparator="<"),
            no_number(draw, "clumped, count not possible"),
            no_number(draw, "adequate"),
            quantity("12", "per HPF", "/[HPF]"),
        ]
    )
    return Lab(codes.PLATELETS[0], value, happened(draw, day))


def afp(draw: random.Random, value: float, day: date, status: str = "", shown: str = "") -> Lab:
    """An AFP, in ng/mL or (the same number) ug/L."""
    unit = shown or draw.choice(("ng/mL", "ng/mL", "ng/mL", "ug/L"))
    number = quantity(f"{value:g}", unit, unit)
    return Lab(draw.choice(codes.AFP), number, happened(draw, day), status or counting(draw))


def afp_arbitrary(draw: random.Random, value: float, day: date, code: codes.Code = codes.AFP_UNITS) -> Lab:
    """An AFP in international units, which must never be read as a mass."""
    return Lab(code, quantity(f"{value:g}", "[IU]/mL", "[IU]/mL"), happened(draw, day))


def albumin(draw: random.Random, grams_per_dl: float, day: date) -> Lab:
    """An albumin in g/dL, or ten times the number in g/L."""
    value = quantity(f"{grams_per_dl:.1f}", "g/dL", "g/dL")
    if draw.random() < 0.3:
        value = quantity(f"{grams_per_dl * 10:.0f}", "g/L", "g/L")
    return Lab(codes.ALBUMIN, value, happened(draw, day), counting(draw))


def bilirubin(draw: random.Random, mg_per_dl: float, day: date) -> Lab:
    """A total bilirubin in mg/dL."""
    return Lab(codes.BILIRUBIN, quantity(f"{mg_per_dl:.1f}", "mg/dL", "mg/dL"), happened(draw, day), counting(draw))


def bilirubin_molar(draw: random.Random, umol_per_l: int, day: date) -> Lab:
    """A total bilirubin in umol/L: 17.1 of them are 1 mg/dL. Keep it away from 34.2 and 51.3."""
    number = quantity(str(umol_per_l), "umol/L", "umol/L")
    return Lab(codes.BILIRUBIN_MOLAR, number, happened(draw, day), counting(draw))


def inr(draw: random.Random, ratio: float, day: date) -> Lab:
    """An INR."""
    shown, ucum = draw.choice((("{INR}", "{INR}"), ("1", "1"), ("{INR}", "{INR}")))
    return Lab(draw.choice(codes.INR), quantity(f"{ratio:.2f}", shown, ucum), happened(draw, day), counting(draw))
