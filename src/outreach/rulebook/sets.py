"""The value sets one rule can name: its own, those beside it, those of the site, and others' expansions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from outreach.domain.units import IN_CANONICAL
from outreach.rulebook.located import shown
from outreach.rulebook.nearest import suggestion
from outreach.rulebook.reader import Reader
from outreach.rulebook.terms import ValueSet
from outreach.rulebook.tree import Located
from outreach.rulebook.units import converts, meant


class Shelf(Protocol):
    """A place that holds value sets by name. ``states_units``: a set without a unit there has none."""

    states_units: bool

    def names(self) -> list[str]:
        """The names to suggest from."""

    def titles(self) -> Mapping[str, str]:
        """What people call them, by name, of those that say so."""

    def has(self, name: str) -> bool:
        """Whether the name is one of a set here, readable or not."""

    def file(self, name: str) -> Path | None:
        """Where the author of a rule can look at it; None where it is not here."""

    def get(self, name: str) -> ValueSet | None:
        """The set, or None when it is not here or wrong (its problems are kept by the shelf)."""


@dataclass
class Sets:
    """Value sets by the name an author writes, looked for in ``own`` and then on each shelf in order.

    ``used`` holds each one asked for under the name the model knows it by: ``rule:name`` for the rule's own.
    """

    rule: str
    shelves: tuple[Shelf, ...]
    own: Mapping[str, ValueSet] = field(default_factory=dict)
    broken: Collection[str] = ()  #: the rule's own that cannot be read, told of already
    used: dict[str, ValueSet] = field(default_factory=dict)
    _unitless: set[str] = field(default_factory=set)
    _asked: set[str] = field(default_factory=set)

    def ask(self, reader: Reader, at: Located, name: str) -> str:
        """The model's name of the set an author calls ``name``; "" after a problem."""
        files = [file for shelf in self.shelves if (file := shelf.file(name)) is not None]
        first = name not in self._asked
        self._asked.add(name)
        if name in self.own:
            _tell_which(reader, at, name, None, files if first else ())
            return self._use(f"{self.rule}:{name}", self.own[name], states_unit=False)
        if name in self.broken:
            return f"{self.rule}:{name}"
        for shelf in self.shelves:
            if shelf.has(name):
                _tell_which(reader, at, name, next(iter(files), None), files[1:] if first else ())
                found = shelf.get(name)
                return self._use(name, found, shelf.states_units) if found else name
        names = {*self.own, *(known for shelf in self.shelves for known in shelf.names())}
        titles = {known: title for shelf in reversed(self.shelves) for known, title in shelf.titles().items()}
        hint = suggestion(name, names, titles)
        reader.say(at, f"there is no value set “{name}”", "unknown-value-set", hint)
        return ""

    def look(self, name: str) -> ValueSet | None:
        """The set an author calls ``name``, without using it; None where there is none, or it cannot be read."""
        if name in self.own or name in self.broken:
            return self.own.get(name)
        return next((shelf.get(name) for shelf in self.shelves if shelf.has(name)), None)

    def _use(self, name: str, found: ValueSet, states_unit: bool) -> str:
        if name not in self.used:
            self.used[name] = replace(found, name=name)
            if not states_unit:
                self._unitless.add(name)
        return name

    def unit(self, reader: Reader, at: Located, name: str, unit: str) -> None:
        """A lab's unit must be the set's; a set from where no units are stated takes the first lab's."""
        found = self.used.get(name)
        if found is None or not unit or found.unit == unit:
            return
        if unit not in IN_CANONICAL:
            reader.say(at, f"unit “{unit}” is not known", "unknown-unit", self._own_unit(found) or meant(unit))
            return
        if not found.unit and name in self._unitless:
            self.used[name] = replace(found, unit=unit)
            return
        hint = self._own_unit(found) or f"The value set {name} has no unit: add unit: to its file."
        reader.say(at, f"“{unit}” is not the unit of {name}", "wrong-unit", hint)

    def _own_unit(self, found: ValueSet) -> str:
        """What to write for a set that states its unit; "" for one that does not."""
        if not found.unit:
            return ""
        return f"The value set {found.name} is in {found.unit}. Results in these are converted: {converts(found)}."

    def must_have_unit(self, reader: Reader, at: Located, name: str) -> None:
        """Numbers can be compared only in a unit: the set states one, or a line above that asks about it did."""
        found = self.used.get(name)
        if found is None or found.unit:
            return
        where = "here" if name in self._unitless else f"to the value set {name}"
        what = f"the numbers of “{found.title or name}” have no unit to compare them in"
        reader.say(at, what, "no-unit", f"Add unit: {where}, such as unit: ng/mL")


def _tell_which(reader: Reader, at: Located, name: str, counts: Path | None, others: Sequence[Path]) -> None:
    """Of two sets of one name that differ, which one counts; ``counts`` None: the rule's own codes."""
    for other in others:
        if counts is None or counts.read_bytes() != other.read_bytes():
            mine = "what this rule lists counts" if counts is None else f"{shown(counts)} counts"
            what = f"the value set “{name}” is written twice, and not alike: {mine}, {shown(other)} does not"
            reader.remark(at, what, "two-value-sets", "If both are needed, give one of them another name.")
