"""Words that must name something the rule knows: a value set, a source, a period, a result or a kind of test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from outreach.rulebook.forms import Form, Schema
from outreach.rulebook.scope import Scope
from outreach.rulebook.shapes import shape
from outreach.rulebook.terms import Stretch
from outreach.rulebook.tree import Located, Text

T = TypeVar("T")


@dataclass(frozen=True)
class SetName:
    """A value set, by the name of its file, or by the title, name or id of a published one.

    ``countries``: a list that may hold for a part of some countries only; no other word can use such a one.
    """

    countries: bool = False

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        word = scope.reader.word(at, what)
        name = scope.sets.ask(scope.reader, at, word) if word else ""
        found = scope.sets.used.get(name)
        if found is not None and found.partly and not self.countries:
            what = f"“{word}” holds for a part of some countries, which only born-in can ask"
            scope.say(at, what, "partly-outside-born-in", "Use another value set.")
        return name or None

    def schema(self) -> Schema:
        return shape("value-set")


@dataclass(frozen=True)
class SourceName:
    """A name under ``sources:``."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        return scope.known(at, what, "sources", scope.sources, "unknown-source")

    def schema(self) -> Schema:
        return shape("text")


@dataclass(frozen=True)
class StretchName:
    """A name under ``periods:``."""

    def read(self, scope: Scope, at: Located, what: str) -> Stretch | None:
        name = scope.reader.word(at, what)
        return scope.stretch(at, name) if name else None

    def schema(self) -> Schema:
        return shape("name")


@dataclass(frozen=True)
class ResultName:
    """A result that a kind of test can have, ``uncoded`` where ``unread`` may be asked, or one of ``and_words``."""

    and_words: tuple[str, ...] = ()
    unread: bool = True

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        if not self.unread and isinstance(at, Text) and at.value == "uncoded":
            hint = "Pause it under not_now, with a list for whoever reads it."
            scope.say(at, "a result that nobody has coded is unread, never clear", "uncoded-row", hint)
            return None
        names = scope.results.union(self.and_words) - (set() if self.unread else {"uncoded"})
        return scope.known(at, what, "results", names, "unknown-result")

    def schema(self) -> Schema:
        return shape("text") if self.unread else {"allOf": [shape("text"), {"not": {"const": "uncoded"}}]}


@dataclass(frozen=True)
class TestName:
    """A kind of test under ``counts_as_done:``."""

    and_words: tuple[str, ...] = ()

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        return scope.known(at, what, "counts_as_done", {*scope.counts, *self.and_words}, "unknown-test")

    def schema(self) -> Schema:
        return shape("name")


@dataclass(frozen=True)
class GroupName:
    """A risk group: the name of a line under ``at_risk:``."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        return scope.known(at, what, "at_risk", scope.written.get("at_risk", ()), "unknown-group")

    def schema(self) -> Schema:
        return shape("name")


@dataclass(frozen=True)
class ResultOrTest:
    """A result, or a kind of test."""

    def read(self, scope: Scope, at: Located, what: str) -> str | None:
        names = scope.results.union(scope.counts, scope.written.get("counts_as_done", ()))
        return scope.known(at, what, "results", names, "unknown-result")

    def schema(self) -> Schema:
        return shape("text")


@dataclass(frozen=True)
class Needs(Generic[T]):
    """A form whose word also draws on value sets of fixed names."""

    form: Form[T]
    sets: tuple[str, ...]

    def read(self, scope: Scope, at: Located, what: str) -> T | None:
        for name in self.sets:
            scope.sets.ask(scope.reader, at, name)
        return self.form.read(scope, at, what)

    def schema(self) -> Schema:
        return self.form.schema()
