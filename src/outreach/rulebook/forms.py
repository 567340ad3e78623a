"""The shapes a value in a rule file may have. Each shape both reads and says, as JSON Schema, what it reads.

A form answers None after a problem, which it has then told; the reader goes on, to tell all problems at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from outreach.rulebook.scope import Scope
from outreach.rulebook.tree import Located, Text
from outreach.rulebook.tree import Sequence as Listing

T = TypeVar("T")
U = TypeVar("U")
T_co = TypeVar("T_co", covariant=True)
W = TypeVar("W", bound=str)
Schema = dict[str, "SchemaValue"]
SchemaValue = Schema | Sequence["SchemaValue"] | str | int | float | bool | None


class Form(Protocol[T_co]):
    def read(self, scope: Scope, at: Located, what: str) -> T_co | None:
        """The value, or None once a problem has been told. ``what``: what messages call it."""

    def schema(self) -> Schema:
        """The same shape in JSON Schema 2020-12, without what only the reader can know."""


@dataclass(frozen=True)
class OneOf(Generic[W]):
    """One of these words."""

    words: tuple[W, ...]

    def read(self, scope: Scope, at: Located, what: str) -> W | None:
        found = scope.reader.word(at, what, self.words)
        return next((word for word in self.words if word == found), None)

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class Several(Generic[T]):
    """One of a form, or a list of at least one, none twice."""

    form: Form[T]

    def read(self, scope: Scope, at: Located, what: str) -> tuple[T, ...] | None:
        items = at.items if isinstance(at, Listing) else (at,)
        if not items:
            scope.say(at, f"{what} lists nothing", "empty-list", "List at least one.")
        found: list[T] = []
        wrong = False
        for item in items:
            value = self.form.read(scope, item, what)
            wrong = wrong or value is None
            if value is not None and value in found:
                scope.say(item, f"{what} names this twice", "duplicate-item", "Keep one of them.")
            elif value is not None:
                found.append(value)
        return tuple(found) if found and not wrong else None

    def schema(self) -> Schema:
        listed: Schema = {"type": "array", "items": self.form.schema(), "minItems": 1, "uniqueItems": True}
        return {"anyOf": [self.form.schema(), listed]}


@dataclass(frozen=True)
class Either(Generic[T]):
    """A short form, or a mapping."""

    short: Form[T]
    long: Form[T]

    def read(self, scope: Scope, at: Located, what: str) -> T | None:
        short = isinstance(at, Text | Listing)
        return (self.short if short else self.long).read(scope, at, what)

    def schema(self) -> Schema:
        return {"anyOf": [self.short.schema(), self.long.schema()]}


@dataclass(frozen=True)
class Made(Generic[T, U]):
    """A form, and what is made of its value."""

    form: Form[T]
    make: Callable[[T], U]

    def read(self, scope: Scope, at: Located, what: str) -> U | None:
        value = self.form.read(scope, at, what)
        return None if value is None else self.make(value)

    def schema(self) -> Schema:
        return self.form.schema()
