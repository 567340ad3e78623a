"""Laboratory values in the unit a rule speaks."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from outreach.rulebook.terms import ValueSet

#: What one of a rule's units is in the canonical unit of flatten's tables (UCUM: ucum.org/ucum, §4).
IN_CANONICAL: dict[str, tuple[str, float]] = {
    "ng/mL": ("g/L", 1e-6),
    "ug/L": ("g/L", 1e-6),
    "mg/dL": ("g/L", 1e-2),
    "g/dL": ("g/L", 10.0),
    "g/L": ("g/L", 1.0),
    "10*9/L": ("10*9/L", 1.0),
    "umol/L": ("umol/L", 1.0),
    "U/L": ("U/L", 1.0),
    "mmol/L": ("mmol/L", 1.0),
    "1": ("1", 1.0),
    "{INR}": ("1", 1.0),
    "%": ("%", 1.0),
    "[IU]/mL": ("[IU]/mL", 1.0),
    "{copies}/mL": ("{copies}/mL", 1.0),
    "m[arb'U]/mL": ("m[arb'U]/mL", 1.0),
    "{PackYears}": ("{PackYears}", 1.0),
    "{pack-years}": ("{PackYears}", 1.0),
}
#: Decimals kept after conversion, so that 20 ng/mL is 20 however it was written.
PRECISION = 6


def on_unit(rows: ir.Table, values: ValueSet, unit: str = "") -> ir.FloatingValue:
    """The row's value in ``unit`` (by default the value set's), NULL where it cannot be converted.

    Mass and amount of substance convert into each other only by the factor that the value set declares.
    """
    canonical, size = IN_CANONICAL[unit or values.unit]
    branches = [(rows.unit == canonical, rows.value / size)]
    if values.molar:
        (mass, one), (molar, mole) = IN_CANONICAL[values.unit], IN_CANONICAL[values.molar_unit]
        if canonical == mass:
            branches.append((rows.unit == molar, rows.value / mole / values.molar * one / size))
        elif canonical == molar:
            branches.append((rows.unit == mass, rows.value / one * values.molar * mole / size))
    return ibis.cases(*branches, else_=ibis.null("float64")).round(PRECISION)
