"""Laboratory values in the unit a rule speaks."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from outreach.domain.units import IN_CANONICAL
from outreach.rulebook.terms import ValueSet

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
