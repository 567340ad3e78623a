"""Reading what a rule declares, before what it asks: names first, so that every line can use them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from outreach.rulebook import grammar as g
from outreach.rulebook.definitions import Definitions, definitions
from outreach.rulebook.keys import Entries, entries
from outreach.rulebook.model import Parameter
from outreach.rulebook.nearest import nearest
from outreach.rulebook.reader import Reader
from outreach.rulebook.scope import Scope
from outreach.rulebook.sets import Sets, Shelf
from outreach.rulebook.stretches import stretches
from outreach.rulebook.terms import ValueSet
from outreach.rulebook.tree import Located, Mapping, Text


@dataclass(frozen=True)
class Opening:
    """A rule file on one day, with everything it declares known to ``scope``."""

    scope: Scope
    at: Entries
    definitions: Definitions

    def names(self, section: str, but: str = "") -> tuple[str, ...]:
        """The names written under a key of the rule, without ``but``."""
        return tuple(name for name in _names(self.at.at.get(section)) if name != but)

    def worklists(self) -> Iterator[str]:
        """The names of the worklists that pauses name, also of those that cannot be read."""
        section = self.at.at.get("not_now")
        for _, line in section.pairs if isinstance(section, Mapping) else ():
            worklist = line.get("list") if isinstance(line, Mapping) else None
            name = worklist.get("name") if isinstance(worklist, Mapping) else None
            if isinstance(name, Text):
                yield str(name.value)

    def key(self, section: str, name: str) -> Located:
        """Where a name under a key is written; the key's value where it is not."""
        at = self.at.at.get(section) or self.at.at
        pairs = at.pairs if isinstance(at, Mapping) else ()
        return next((key for key, _ in pairs if key.value == name), at)


def open_rule(reader: Reader, top: Mapping, shelves: tuple[Shelf, ...], day: date) -> Opening:
    """Declare in the order in which one leans on another: sources, codes, parameters, periods, tests, definitions."""
    scope = Scope(reader, Sets(reader.word(top.get("rule"), "rule"), shelves), day)
    at = entries(scope, top, "a rule", g.RULE_KEYS, tuple(_unindented(top))) or Entries(scope, top, "a rule")
    scope.written = {name: frozenset(_names(top.get(name))) - {"if_unknown"} for name in _DECLARED}
    scope.sources = {entry.name: entry.value for entry in at.get(g.SOURCES_KEY) or ()}
    scope.sets.own = {e.name: ValueSet(e.name, e.name, e.value) for e in at.get(g.CODES_KEY) or ()}
    scope.sets.broken = scope.written["codes"] - set(scope.sets.own)
    scope.parameters = {e.name: Parameter(e.name, e.value) for e in at.get(g.PARAMETERS_KEY) or ()}
    scope.stretches = stretches(scope, at.get(g.PERIODS_KEY) or ())
    scope.counts = {e.name: replace(e.value, name=e.name) for e in at.get(g.COUNTS_KEY) or ()}
    _results(scope)
    named = definitions(scope, top.get("definitions"))
    scope.definition = named.ask
    return Opening(scope, at, named)


def _unindented(top: Mapping) -> Iterator[tuple[str, str]]:
    """Keys at the margin that a section above them has, or may well have: what to do about each."""
    known = {key.name for key in g.RULE_KEYS}
    above = ""
    for key, value in top.pairs:
        name = str(key.value)
        if name in known:
            above = name
        elif name == "if_unknown" and above not in g.SECTION_NAMES:
            yield name, f"It belongs to {', '.join(g.SECTION_NAMES)}: put two spaces before it, below one of them."
        elif name == "if_unknown" or (above in _HOLDING and isinstance(value, Mapping) and not nearest(name, known)):
            yield name, f"It begins at the margin. If it belongs to {above}, put two spaces before it."


#: Sections that hold names of an author's own.
_HOLDING = (*g.SECTION_NAMES, "sources", "codes", "parameters", "periods", "definitions", "counts_as_done", "reads")
_DECLARED = ("sources", "codes", "parameters", "periods", "counts_as_done", "at_risk")


def _names(at: Located | None) -> tuple[str, ...]:
    return tuple(str(key.value) for key, _ in at.pairs) if isinstance(at, Mapping) else ()


def _results(scope: Scope) -> None:
    """Every result that a test can have. Where a kind or its value set cannot be read, any word may be one."""
    sets = {kind.results: scope.sets.used.get(kind.results) for kind in scope.counts.values() if kind.results}
    scope.results |= {code.code for found in sets.values() if found is not None for code in found.codes}
    scope.any_result = None in sets.values() or len(scope.counts) < len(scope.written["counts_as_done"])
