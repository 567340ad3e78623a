"""Single values: text, names, numbers, days and lengths of time, each of which reads and says its schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from outreach.domain.calendar import Period
from outreach.rulebook import dates
from outreach.rulebook.forms import Schema
from outreach.rulebook.scope import Scope
from outreach.rulebook.shapes import PARAMETER, shape
from outreach.rulebook.tree import Located


@dataclass(frozen=True)
class Prose:
    """Any text that is not empty."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        return scope.reader.word(at, what) or None

    def schema(self) -> Schema:
        return shape("text")


@dataclass(frozen=True)
class Pattern:
    """A text of one shape; ``hint`` says how to write it, ``name`` is the name of the problem."""

    pattern: str
    hint: str
    name: str

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        text = scope.reader.word(at, what)
        if text and not re.fullmatch(self.pattern, text):
            scope.say(at, f"“{text}” cannot be {what}", self.name, self.hint)
            return None
        return text or None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


@dataclass(frozen=True)
class NewName:
    """A name that the author gives: small letters, digits and hyphens."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        return scope.reader.new_name(at, what) or None

    def schema(self) -> Schema:
        return shape("name")


@dataclass(frozen=True)
class Number:
    """A number within bounds, or the name of a parameter."""

    low: float
    high: float

    def read(self, scope: Scope, at: Located, what: str) -> float | None:
        return scope.number(at, what, self.low, self.high)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "number", "minimum": self.low, "maximum": self.high}, PARAMETER]}


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds, or the name of a parameter."""

    low: int
    high: int

    def read(self, scope: Scope, at: Located, what: str) -> int | None:
        value = scope.number(at, what, self.low, self.high)
        if value is not None and not value.is_integer():
            scope.say(at, f"{what} must be a whole number", "not-whole", "Look at the parameter, or drop the fraction.")
            return None
        return None if value is None else int(value)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "integer", "minimum": self.low, "maximum": self.high}, PARAMETER]}


@dataclass(frozen=True)
class Span:
    """A length of time, “6 months”, or the name of a parameter. ``least`` in whole units."""

    least: int = 1

    def read(self, scope: Scope, at: Located, what: str) -> Period | None:
        period = scope.period(at, what)
        if period is not None and period.count < self.least:
            scope.say(at, f"{what} must be longer than nothing", "impossible-window", "Write it like “6 months”.")
            return None
        return period

    def schema(self) -> Schema:
        return shape("period")


@dataclass(frozen=True)
class Day:
    """A date that exists."""

    def read(self, scope: Scope, at: Located, what: str) -> date | None:
        return dates.day(scope.reader, at, what)

    def schema(self) -> Schema:
        return shape("day")


@dataclass(frozen=True)
class PartialDay:
    """A date that may lack its day or its month."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        return dates.partial_day(scope.reader, at, what) or None

    def schema(self) -> Schema:
        return shape("partial-day")


@dataclass(frozen=True)
class Flag:
    """true or false."""

    def read(self, scope: Scope, at: Located, what: str) -> bool | None:
        return scope.reader.flag(at, what, default=False)

    def schema(self) -> Schema:
        return {"type": "boolean"}
