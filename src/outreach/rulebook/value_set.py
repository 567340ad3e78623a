"""The file of a value set, key by key: what it means, where its codes were read, and the codes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from outreach.domain.units import IN_CANONICAL
from outreach.rulebook.code_list import Blocks
from outreach.rulebook.forms import OneOf, Schema
from outreach.rulebook.keys import Built, Entries, Key, entries
from outreach.rulebook.located import in_order, read_shared
from outreach.rulebook.reader import Reader
from outreach.rulebook.scope import Scope
from outreach.rulebook.sets import Sets
from outreach.rulebook.terms import ValueSet
from outreach.rulebook.tree import Located
from outreach.rulebook.units import meant
from outreach.rulebook.values import NewName, Prose

Confirmed = Literal["draft", "confirmed", "live"]


class Unit:
    """A unit that rules can compare in."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        unit = scope.reader.word(at, what)
        if unit and unit not in IN_CANONICAL:
            scope.say(at, f"{what} “{unit}” is not known", "unknown-unit", meant(unit))
            return None
        return unit or None

    def schema(self) -> Schema:
        return {"enum": list(IN_CANONICAL)}


class Factor:
    """How many of one unit make one of another: a number greater than nothing."""

    def read(self, scope: Scope, at: Located, what: str) -> float | None:
        factor = scope.reader.number(at, what)
        if factor == 0:
            scope.say(at, f"{what} must be more than 0", "out-of-range", "Write how many of from: make one of unit:.")
            return None
        return factor

    def schema(self) -> Schema:
        return {"type": "number", "exclusiveMinimum": 0}


FACTOR = Key("factor", Factor(), "How many of the other unit make one of the set's own.", required=True)
FROM = Key("from", Unit(), "The other unit, of another kind, such as umol/L.", required=True)
FACTOR_SOURCE = Key("source", Prose(), "Where the factor was read.", required=True)


def _molar(at: Entries) -> tuple[float, str] | None:
    factor, unit, _ = at.get(FACTOR), at.get(FROM), at.get(FACTOR_SOURCE)
    return (factor, unit) if factor and unit else None


NAME = Key("codes", NewName(), "The name of the value set: that of its file.", required=True)
TITLE = Key("title", Prose(), "What people call it.", required=True)
MEANING = Key("meaning", Prose(), "What a record with one of its codes means, and what is left out.", required=True)
SOURCE = Key("source", Prose(), "Where each code was read.", required=True)
STATUS: Key[Confirmed] = Key(
    "status",
    OneOf[Confirmed](("draft", "confirmed", "live")),
    "draft until somebody has looked at each code; a rule with a draft is not signed by accident.",
)
UNIT = Key("unit", Unit(), "The UCUM unit that rules give its numbers in; without one it has no numbers to compare.")
MOLAR = Key("molar", Built((FACTOR, FROM, FACTOR_SOURCE), _molar), "How mass and amount of substance convert.")
INCLUDES = Key(
    "includes", Blocks(), "Its codes; of two results on one day the one listed later weighs more.", required=True
)
PARTLY = Key("partly", Blocks(), "Of a list of countries: those of which it holds in part only.")
KEYS: tuple[Key[object], ...] = (NAME, TITLE, MEANING, SOURCE, STATUS, UNIT, MOLAR, INCLUDES, PARTLY)


def value_set(path: Path, shown_as: str) -> ValueSet:
    """Read one file, named as the set.

    Raises:
        Refused: with every problem in it.
    """
    source, top = read_shared(path, shown_as)
    reader = Reader(source)
    scope = Scope(reader, Sets("", ()))
    at = entries(scope, top, "a value set", KEYS) or Entries(scope, top, "a value set")
    found = _read(at, path.stem)
    reader.problems = in_order(reader.problems)
    reader.done()
    return found


def _read(at: Entries, name: str) -> ValueSet:
    if at.get(NAME) not in (None, name):
        hint = f"Write codes: {name}"
        at.say(at.where(NAME), f"the file is named “{name}” and its codes otherwise", "name-mismatch", hint)
    title, _, _, _ = at.get(TITLE), at.get(MEANING), at.get(SOURCE), at.get(STATUS)
    unit, (factor, molar_unit) = at.get(UNIT), at.get(MOLAR) or (0.0, "")
    if at.has(MOLAR) and not at.has(UNIT):
        at.say(at.where(MOLAR), "molar converts into unit, and no unit is said", "no-unit", "Add unit: mg/dL, say.")
    if unit and molar_unit and IN_CANONICAL[unit][0] == IN_CANONICAL[molar_unit][0]:
        what = f"{molar_unit} converts into {unit} by itself"
        at.say(at.where(MOLAR), what, "wrong-unit", "molar is for another kind of unit; take it away.")
    codes, partly = at.get(INCLUDES) or (), at.get(PARTLY) or ()
    if at.has(INCLUDES) and not codes:
        hint = "An empty set makes every criterion on it false."
        at.say(at.where(INCLUDES), "the value set is empty", "empty-value-set", hint)
    for code in {(code.system, code.code) for code in codes} & {(code.system, code.code) for code in partly}:
        what = f"the code {code[1]} stands under includes and under partly"
        at.say(at.where(PARTLY), what, "duplicate-code", "Keep one of them.")
    return ValueSet(name, title or "", codes, unit or "", factor, molar_unit, partly)
