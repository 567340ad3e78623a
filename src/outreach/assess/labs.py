"""Laboratory values in the unit a rule speaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import ibis
import ibis.expr.types as ir

from outreach.assess.facts import in_set
from outreach.domain.calendar import Period, add
from outreach.rulebook.model import ValueSet

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
}
#: Decimals kept after conversion, so that 20 ng/mL is 20 however it was written.
PRECISION = 6


def on_unit(rows: ir.Table, values: ValueSet, unit: str = "") -> ir.FloatingValue:
    """The row's value in ``unit`` (by default the value set's), NULL where it cannot be converted.

    A molar value converts only by the factor that the value set declares.
    """
    canonical, size = IN_CANONICAL[unit or values.unit]
    branches = [(rows.unit == canonical, rows.value / size)]
    if values.molar:
        molar, molar_size = IN_CANONICAL[values.molar_unit]
        own = IN_CANONICAL[values.unit][1]
        branches.append((rows.unit == molar, rows.value / molar_size / values.molar * own / size))
    return ibis.cases(*branches, else_=ibis.null("float64")).round(PRECISION)


def latest_value(
    values: ValueSet, as_of: date, within: Period | None, unit: str = "", *, exact: bool = True
) -> tuple[str, str, Callable[[ir.Table], ir.Value]]:
    """What to ask of observations for the latest value; ties go to the greater id.

    Args:
        exact: leave out values that only say "more than" or "less than".

    Returns:
        Arguments for ``Gather.ask``: the column will hold a struct of day, id, value and comparator ("" if exact).
    """
    since = None if within is None else add(as_of, within, -1)
    window = "" if within is None else f"_{within.count}{within.unit}"

    def build(rows: ir.Table) -> ir.Value:
        number = on_unit(rows, values, unit)
        where = in_set(rows, values.name) & number.notnull()
        if exact:
            where = where & rows.comparator.isnull()
        if since is not None:
            where = where & (rows.date_lo >= ibis.literal(since, "date"))
        comparator = rows.comparator.fill_null("")
        found = {"day": rows.date_lo, "id": rows.id, "value": number, "comparator": comparator}
        return ibis.struct(found).max(where=where)

    name = f"latest_{values.name}{window}_{unit or values.unit}{'' if exact else '_any'}"
    return "observation", "".join(c if c.isalnum() else "_" for c in name), build
