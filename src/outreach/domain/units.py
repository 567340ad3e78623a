"""The units that rules speak, each in the one canonical unit of its kind, which flatten's tables are in.

Source: UCUM (https://ucum.org/ucum, §4; the pound and the inch are the international ones, §4.6).
"""

from __future__ import annotations

#: UCUM unit → (the canonical unit of its kind, how many of those one of it is).
IN_CANONICAL: dict[str, tuple[str, float]] = {
    "ng/mL": ("g/L", 1e-6),
    "ug/L": ("g/L", 1e-6),
    "mg/L": ("g/L", 1e-3),
    "mg/dL": ("g/L", 1e-2),
    "g/dL": ("g/L", 10.0),
    "g/L": ("g/L", 1.0),
    "10*9/L": ("10*9/L", 1.0),
    "10*3/uL": ("10*9/L", 1.0),
    "umol/L": ("umol/L", 1.0),
    "U/L": ("U/L", 1.0),
    "m[IU]/L": ("U/L", 1e-3),
    "mmol/L": ("mmol/L", 1.0),
    "1": ("1", 1.0),
    "{INR}": ("1", 1.0),
    "{score}": ("1", 1.0),
    "%": ("%", 1.0),
    "mmol/mol": ("mmol/mol", 1.0),
    "[IU]/mL": ("[IU]/mL", 1.0),
    "{copies}/mL": ("{copies}/mL", 1.0),
    "m[arb'U]/mL": ("m[arb'U]/mL", 1.0),
    "{PackYears}": ("{PackYears}", 1.0),
    "{pack-years}": ("{PackYears}", 1.0),
    "mL/min/{1.73_m2}": ("mL/min/{1.73_m2}", 1.0),
    "mL/min": ("mL/min", 1.0),
    "mg/g": ("mg/g", 1.0),
    "mg/mmol": ("mg/mmol", 1.0),
    "mm[Hg]": ("mm[Hg]", 1.0),
    "/min": ("/min", 1.0),
    "kg/m2": ("kg/m2", 1.0),
    "kg": ("kg", 1.0),
    "[lb_av]": ("kg", 0.45359237),
    "cm": ("cm", 1.0),
    "m": ("cm", 100.0),
    "[in_i]": ("cm", 2.54),
}
