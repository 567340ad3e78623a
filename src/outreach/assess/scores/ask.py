"""Asking the tables for what scores are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from outreach.assess.facts import in_set
from outreach.assess.gather import Gather
from outreach.assess.labs import on_unit
from outreach.assess.scores.bounds import ENDLESS, Bounds
from outreach.assess.scores.inputs import Age, Either, Lab
from outreach.domain.calendar import Period, add

#: What a row of observations says, as bounds; NULL where it cannot be read.
Read = Callable[[ir.Table], Bounds]


@dataclass(frozen=True)
class Ask:
    """The tables, asked for the inputs of one day and one look-back."""

    gather: Gather
    as_of: date
    within: Period

    @property
    def age(self) -> Age:
        return Age(self.as_of)

    def diagnosis(self, name: str) -> Either:
        return Either(name, self.gather.event("condition", name))

    def lab(self, name: str, unit: str) -> Lab:
        """The latest exact value above zero, in ``unit``; "more than" and "less than" are no value."""
        number = self.in_unit(name, unit)

        def exact(rows: ir.Table) -> Bounds:
            value = ibis.ifelse(rows.comparator.isnull(), number(rows)[0], ibis.null("float64"))
            return value, value

        return Lab(name, self.latest(name, f"exact_{unit}", exact))

    def trace(self, name: str, read: Read, most: float = ENDLESS) -> Lab:
        """The latest value of something often too little to measure: "less than 20" lies from 0 to 20."""

        def between(rows: ir.Table) -> Bounds:
            low, high = read(rows)
            less, more = (rows.comparator.isin(words).fill_null(False) for words in (("<", "<="), (">", ">=")))
            low = ibis.ifelse(less & low.notnull(), 0.0, low)
            return low, ibis.ifelse(more & high.notnull(), ENDLESS, high)

        return Lab(name, self.latest(name, "trace", between), most=most, positive=False)

    def in_unit(self, name: str, unit: str) -> Read:
        """Reads a value in one unit, as it was sent."""
        values = self.gather.value_sets[name]

        def read(rows: ir.Table) -> Bounds:
            number = on_unit(rows, values, unit)
            return number, number

        return read

    def latest(self, name: str, how: str, read: Read) -> str:
        """The column of the latest observation that ``read`` can read: day, id, low, high."""
        since = ibis.literal(add(self.as_of, self.within, -1), "date")

        def build(rows: ir.Table) -> ir.Value:
            low, high = read(rows)
            found = {"day": rows.date_lo, "id": rows.id, "low": low, "high": high}
            where = in_set(rows, name) & low.notnull() & (rows.date_lo >= since)
            return ibis.struct(found).max(where=where.fill_null(False))

        key = f"score_{name}_{self.within}_{how}"
        return self.gather.ask("observation", "".join(c if c.isalnum() else "_" for c in key), build)
