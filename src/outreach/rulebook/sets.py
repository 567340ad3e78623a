"""The value sets one rule can name: its own, those beside it, those of the site, and others' expansions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from outreach.rulebook.reader import Reader, suggestion
from outreach.rulebook.terms import ValueSet
from outreach.rulebook.tree import Located


class Shelf(Protocol):
    """A place that holds value sets by name. ``states_units``: a set without a unit there has none."""

    states_units: bool

    def names(self) -> list[str]:
        """The names to suggest from."""

    def has(self, name: str) -> bool:
        """Whether the name is one of a set here, readable or not."""

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

    def ask(self, reader: Reader, at: Located, name: str) -> str:
        """The model's name of the set an author calls ``name``; "" after a problem."""
        if name in self.own:
            return self._use(f"{self.rule}:{name}", self.own[name], states_unit=False)
        if name in self.broken:
            return f"{self.rule}:{name}"
        for shelf in self.shelves:
            if shelf.has(name):
                found = shelf.get(name)
                return self._use(name, found, shelf.states_units) if found else name
        hint = suggestion(name, {*self.own, *(known for shelf in self.shelves for known in shelf.names())})
        reader.say(at, f"there is no value set “{name}”", "unknown-value-set", hint)
        return ""

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
        if not found.unit and name in self._unitless:
            self.used[name] = replace(found, unit=unit)
            return
        hint = f"The value set {name} is in {found.unit}." if found.unit else f"The value set {name} has no unit."
        reader.say(at, f"“{unit}” is not the unit of {name}", "wrong-unit", hint)
