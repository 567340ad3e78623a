"""What scores and measurements ask of the fact tables, gathered so that each table is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import ibis
import ibis.expr.types as ir

from outreach.assess.facts import Facts, in_set
from outreach.rulebook.terms import ValueSet

#: Sorts undated records behind dated ones.
NEVER = ibis.date(9999, 12, 31)

Build = Callable[[ir.Table], ir.Value]
Finish = Callable[[ir.Column], ir.Value]


class Gather:
    """Aggregates by person, keyed so that the same question is asked once, whatever rule asks it."""

    def __init__(self, facts: Facts, name: str, after: Gather | None = None) -> None:
        self.facts, self.name, self.after = facts, name, after
        self._asked: dict[str, dict[str, Build]] = {}
        self._finish: dict[str, Finish] = {}
        self.used: set[str] = set()  #: keys asked since it was last emptied, here or before

    @property
    def value_sets(self) -> Mapping[str, ValueSet]:
        return self.facts.value_sets

    def ask(self, table: str, key: str, build: Build, finish: Finish | None = None) -> str:
        """Ask for one aggregate of a table; returns the column that will hold it.

        ``finish`` makes something of the aggregate where it is never NULL, before people without any are joined.
        """
        if finish is not None:
            self._finish[key] = finish
        self.used.add(key)
        if self.after is None or key not in self.after._asked.get(table, {}):
            self._asked.setdefault(table, {}).setdefault(key, build)
        return key

    def event(self, table: str, codes: str) -> str:
        """Ask for the earliest record in a value set: a struct of day (NEVER when undated), id and text."""

        def earliest(rows: ir.Table) -> ir.Value:
            day, text = ibis.coalesce(rows.date_lo, NEVER), ibis.coalesce(rows.display, rows.code)
            return ibis.struct({"day": day, "id": rows.id, "text": text}).min(where=in_set(rows, codes))

        return self.ask(table, f"{table}_{codes}".replace("-", "_"), earliest)

    def run(self, people: ir.Table | None) -> Gathered:
        """Compute everything asked, of these people (``person``) only or of everyone."""
        kept: dict[str, ir.Table] = {}
        before = self.after._asked if self.after is not None else {}
        mine = {t: {k: b for k, b in asked.items() if k not in before.get(t, {})} for t, asked in self._asked.items()}
        for table, asked in mine.items():
            if not asked:
                continue
            rows = self.facts.view(table)
            rows = rows if people is None else rows.semi_join(people, "person")
            columns = {key: build(rows) for key, build in asked.items()}
            found = rows.group_by(**{f"{table}_person": rows.person}).aggregate(**columns)
            done = {key: self._finish[key](found[key]) for key in asked if key in self._finish}
            found = found.mutate(**done) if done else found
            kept[table] = self.facts.engine.keep(f"{self.name}_{table}", found)
        return Gathered(kept, {table: list(asked) for table, asked in mine.items() if asked})


class Gathered:
    """The aggregates, ready to be joined onto people."""

    def __init__(self, tables: Mapping[str, ir.Table], keys: Mapping[str, list[str]]) -> None:
        self.tables, self.keys = tables, keys

    def onto(self, people: ir.Table, wanted: Iterable[str]) -> ir.Table:
        """``people`` with the wanted columns; NULL where nothing is on record."""
        want, joined = set(wanted), people
        columns = [people[name] for name in people.columns]
        for table, keys in self.keys.items():
            mine = [key for key in keys if key in want]
            if mine:
                found = self.tables[table]
                joined = joined.left_join(found, [("person", f"{table}_person")])
                columns += [found[key] for key in mine]
        return joined.select(*columns)
