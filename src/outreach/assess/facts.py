"""The fact tables as rules see them: every record under its surviving person, and only records that count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from outreach.assess.engine import Engine
from outreach.assess.merges import survivors
from outreach.rulebook.terms import ValueSet

#: http://hl7.org/fhir/R4/valueset-observation-status.html and …-diagnostic-report-status.html: what is final.
FINAL = ("final", "amended", "corrected")
REFUTED = ("refuted", "entered-in-error")
#: http://hl7.org/fhir/R4/valueset-request-intent.html: somebody has ordered it; a plan or proposal has not.
ORDERED = ("order", "original-order", "reflex-order", "filler-order", "instance-order")


@dataclass(frozen=True)
class Day:
    """The day a rule is asked about, and the zone in which that day begins."""

    as_of: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        return datetime.combine(self.as_of, time(), self.zone)


class Facts:
    """Views over the tables of a night for one day."""

    def __init__(self, engine: Engine, value_sets: Mapping[str, ValueSet], day: Day) -> None:
        self.engine, self.value_sets, self.day = engine, value_sets, day
        self.as_of = ibis.literal(day.as_of, "date")
        self.codes = _codes(engine, value_sets)
        self.survivors = engine.keep("survivors", survivors(engine))

    def view(self, name: str) -> ir.Table:
        """A fact table's rows whose coding is in a value set, with a flag for each set (see ``in_set``).

        ``person`` is the survivor of merges; records later than the day, and those that do not count, are
        left out.
        """
        rows = self.of_survivor(self.engine.table(name).inner_join(self.codes, ["system", "code"]))
        return getattr(self, f"_{name}")(rows)

    def of_survivor(self, table: ir.Table) -> ir.Table:
        """The table with ``person`` moved to the survivor of merges."""
        moved = table.left_join(self.survivors, [("person", "loser")])
        return moved.mutate(person=ibis.coalesce(moved.survivor, moved.person)).drop("loser", "survivor", "resolved")

    def _condition(self, rows: ir.Table) -> ir.Table:
        counts = rows.verification.isnull() | rows.verification.notin(REFUTED)
        return rows.filter(counts & (rows.date_lo.isnull() | (rows.date_lo <= self.as_of)))

    def _procedure(self, rows: ir.Table) -> ir.Table:
        happened = rows.date_lo.isnull() | (rows.date_lo <= self.as_of)
        return rows.filter((rows.status == "completed") & happened)

    def _observation(self, rows: ir.Table) -> ir.Table:
        happened = rows.date_lo.isnull() | (rows.date_lo <= self.as_of)
        return rows.filter(rows.status.isin(FINAL) & happened)

    def _appointment(self, rows: ir.Table) -> ir.Table:
        from_today = rows.start >= ibis.literal(self.day.start, "timestamp('UTC')")
        return rows.filter((rows.status == "booked") & from_today)

    def consents(self) -> ir.Table:
        """Every Consent, under its surviving person."""
        return self.of_survivor(self.engine.table("consent"))


def in_set(rows: ir.Table, name: str) -> ir.BooleanValue:
    """The row's coding is in the value set: system and code both."""
    return rows[_flag(name)]


def _flag(name: str) -> str:
    return "in_" + "".join(c if c.isalnum() else "_" for c in name)


def _codes(engine: Engine, value_sets: Mapping[str, ValueSet]) -> ir.Table:
    """system, code and a flag for each value set: joined once, whatever number of criteria ask."""
    pairs = sorted({(code.system, code.code) for values in value_sets.values() for code in values.codes})
    members = {name: {(c.system, c.code) for c in values.codes} for name, values in value_sets.items()}
    columns = {
        "system": pa.array([s for s, _ in pairs], pa.string()),
        "code": pa.array([c for _, c in pairs], pa.string()),
    }
    flags = {_flag(n): pa.array([pair in inside for pair in pairs], pa.bool_()) for n, inside in members.items()}
    return engine.values("codes", pa.table(columns | flags))
