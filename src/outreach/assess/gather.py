"""What criteria ask of the fact tables, gathered so that each table is read once."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from outreach.assess.facts import Facts, in_set
from outreach.rulebook.model import Rule

#: Facts whose absence is false after a whole pull. They are cheap and decide who is looked at closely.
EVENTS = ("condition", "procedure", "family_history")

#: Sorts undated records behind dated ones.
NEVER = ibis.date(9999, 12, 31)

Build = Callable[[ir.Table], ir.Value]


class Gather:
    """Aggregates by person, keyed so that the same question is asked once."""

    def __init__(self, facts: Facts, rule: Rule) -> None:
        self.facts, self.rule = facts, rule
        self._asked: dict[str, dict[str, Build]] = {}

    def ask(self, table: str, key: str, build: Build) -> str:
        """Ask for one aggregate of a table; returns the column that will hold it."""
        self._asked.setdefault(table, {}).setdefault(key, build)
        return key

    def event(self, table: str, codes: str, also: Callable[[ir.Table], ir.BooleanValue] | None = None) -> str:
        """Ask for the earliest record in a value set: a struct of day (NEVER when undated), id and text."""

        def earliest(rows: ir.Table) -> ir.Value:
            where = in_set(rows, codes) if also is None else in_set(rows, codes) & also(rows)
            day, text = ibis.coalesce(rows.date_lo, NEVER), ibis.coalesce(rows.display, rows.code)
            return ibis.struct({"day": day, "id": rows.id, "text": text}).min(where=where)

        return self.ask(table, f"{table}_{codes}".replace("-", "_"), earliest)

    def onto(self, people: ir.Table, tables: tuple[str, ...]) -> ir.Table:
        """``people`` (with ``person``) with the columns asked of ``tables``; NULL where nothing is on record."""
        columns = [people[name] for name in people.columns]
        joined = people
        for name in tables:
            if name in self._asked:
                found = self.facts.engine.keep(f"of_{name}", self._aggregate(name, people))
                joined = joined.left_join(found, [("person", f"{name}_person")])
                columns += [found[key] for key in self._asked[name]]
        return joined.select(*columns)

    def _aggregate(self, name: str, people: ir.Table) -> ir.Table:
        rows = self.facts.scans() if name == "scan" else self.facts.view(name)
        rows = rows.semi_join(people, "person")
        asked = {key: build(rows) for key, build in self._asked[name].items()}
        return rows.group_by(**{f"{name}_person": rows.person}).aggregate(**asked)

    @property
    def measured(self) -> tuple[str, ...]:
        """The tables asked that are not events."""
        return tuple(name for name in self._asked if name not in EVENTS)
