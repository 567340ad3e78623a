"""What the words of one rule may mean: its value sets, sources, periods, parameters, definitions and tests."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

from outreach.domain.calendar import Period
from outreach.rulebook import dates
from outreach.rulebook.criterion import Criterion
from outreach.rulebook.model import Counts, Parameter, ParameterValue
from outreach.rulebook.nearest import suggestion
from outreach.rulebook.reader import Reader
from outreach.rulebook.sets import Sets
from outreach.rulebook.terms import Stretch
from outreach.rulebook.tree import Located, Text


@dataclass
class Scope:
    """The names a rule has given so far, on one day; grows as the rule is read.

    ``written`` holds every name under a key, also those whose value cannot be read: they have been told of, and
    whoever uses them is not told again. ``used`` gathers what was asked for, as (key, name).
    """

    reader: Reader
    sets: Sets
    day: date = date.min
    written: dict[str, frozenset[str]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    stretches: dict[str, Stretch] = field(default_factory=dict)
    counts: dict[str, Counts] = field(default_factory=dict)
    results: frozenset[str] = frozenset({"uncoded"})
    any_result: bool = False  #: a kind of test could not be read: its results are not known
    definition: Callable[[Located, str], Criterion | None] = lambda at, name: None
    answers: dict[str, frozenset[str]] = field(default_factory=dict)  #: what a word of ``then`` can say
    used: set[tuple[str, str]] = field(default_factory=set)

    def say(self, at: Located, what: str, name: str, hint: str = "") -> None:
        self.reader.say(at, what, name, hint)

    def known(self, at: Located, what: str, key: str, names: Collection[str], problem: str) -> str | None:
        """A word that is one of ``names``, or was written under ``key`` and could not be read; else a problem."""
        word = self.reader.word(at, what)
        if not word or word in names or word in self.written.get(key, ()) or (key == "results" and self.any_result):
            return word or None
        self.say(at, f"{what} “{word}” is not known", problem, suggestion(word, names))
        return None

    def parameter(self, at: Located) -> ParameterValue | None:
        """The value on the day of the parameter named here; before its first date, its first value."""
        name = at.value if isinstance(at, Text) else None
        found = self.parameters.get(name) if isinstance(name, str) else None
        if found is None:
            return None
        self.used.add(("parameters", found.name))
        return next((value for value in reversed(found.values) if value.since <= self.day), found.values[0])

    def _unreadable(self, at: Located) -> bool:
        name = at.value if isinstance(at, Text) else None
        return name in self.written.get("parameters", ()) and name not in self.parameters

    def number(self, at: Located, what: str, low: float, high: float) -> float | None:
        """A number within bounds, written out or named."""
        named = self.parameter(at)
        if named is None:
            return None if self._unreadable(at) else self.reader.number(at, what, low, high)
        if isinstance(named.value, Period):
            self.say(at, f"{what} must be a number, not a length of time", "wrong-parameter", "Name another parameter.")
            return None
        if not low <= named.value <= high:
            what = f"{what} must lie between {low:g} and {high:g}, and is {named.value:g}"
            self.say(at, what, "out-of-range", "Look at the parameter.")
            return None
        return named.value

    def period(self, at: Located, what: str) -> Period | None:
        """A length of time, written out or named."""
        named = self.parameter(at)
        if named is None:
            return None if self._unreadable(at) else dates.period(self.reader, at, what, tuple(self.parameters))
        if not isinstance(named.value, Period):
            self.say(at, f"{what} must be a length of time, not a number", "wrong-parameter", "Name another parameter.")
            return None
        return named.value

    def stretch(self, at: Located, name: str) -> Stretch | None:
        self.used.add(("periods", name))
        if name not in self.stretches and name not in self.written.get("periods", ()):
            hint = suggestion(name, self.stretches) if self.stretches else "Add it under periods:."
            self.say(at, f"there is no period “{name}”", "unknown-period", hint)
        return self.stretches.get(name)
